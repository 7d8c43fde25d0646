//! What `template.yaml` says of what costs: sizes, logs, metrics, traces, alarms, throttles.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml_ng::Value;

use super::model::Logs;
use crate::Failure;

/// What was changed to make a deployment cheaper: as it is in the template, or as it was.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Choices {
    /// MB of each function.
    pub memory: BTreeMap<String, u32>,
    /// X-Ray is on.
    pub tracing: bool,
    /// API Gateway writes metrics of each route.
    pub route_metrics: bool,
    /// Lambda writes a line before and one after each invocation.
    pub platform_lines: bool,
    /// The stage's log is of the class for infrequent access.
    pub access_infrequent: bool,
    /// Bytes of a line of it.
    pub access_line: f64,
    /// Bytes of a line of ours.
    pub our_line: f64,
    /// Lines of an operation beyond those in the model.
    pub more_lines: BTreeMap<String, f64>,
}

/// The settings of a deployment that its costs depend on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What was changed to make it cheaper.
    pub choices: Choices,
    /// Metrics that alarms watch.
    pub alarms: f64,
    /// Requests a second, and at once, of a route.
    pub api_rate: f64,
    /// See `api_rate`.
    pub api_burst: f64,
    /// Requests a second, and at once, of a route that hashes.
    pub auth_rate: f64,
    /// See `auth_rate`.
    pub auth_burst: f64,
    /// Days for which logs are kept.
    pub log_days: f64,
}

/// The members of `API Gateway`'s access log with texts of their usual length.
const USUAL: [(&str, &str); 10] = [
    ("$context.requestId", "JKJaXmPLvHcESHA="),
    ("$context.requestTimeEpoch", "1772366400000"),
    ("$context.requestTime", "01/Mar/2026:12:00:00 +0000"),
    ("$context.routeKey", "POST /auth/refresh"),
    ("$context.status", "200"),
    ("$context.protocol", "HTTP/1.1"),
    ("$context.responseLength", "2048"),
    ("$context.responseLatency", "12"),
    ("$context.integrationLatency", "11"),
    ("$context.error.message", "-"),
];

impl Settings {
    /// Reads the template's text, with the defaults of its parameters.
    ///
    /// # Errors
    /// When something is not where it is looked for.
    pub fn of_template(text: &str, logs: Logs) -> Result<Self, Failure> {
        let template: Value = serde_yaml_ng::from_str(text)?;
        let template = Template(&template);
        let globals = template.at(&["Globals", "Function"])?;
        let size = |function: &Value| function.get("MemorySize").and_then(Value::as_u64);
        let mut memory = BTreeMap::new();
        for (_, function) in template.resources("AWS::Serverless::Function")? {
            let name =
                function.get("Metadata").and_then(|of| of.get("BuildProperties")?.get("Binary")?.as_str());
            let properties = function.get("Properties").ok_or("a function has no properties")?;
            let mb = size(properties).or_else(|| size(globals)).ok_or("a function has no size")?;
            memory.insert(name.ok_or("a function has no name")?.to_owned(), u32::try_from(mb)?);
        }
        let api = template.at(&["Resources", "Api", "Properties"])?;
        let part = |of: &Value, name: &str| of.get(name).cloned().unwrap_or(Value::Null);
        let system = part(&part(globals, "LoggingConfig"), "SystemLogLevel");
        let access_group = template.at(&["Resources", "ApiLogGroup", "Properties"])?;
        let format = part(&part(api, "AccessLogSettings"), "Format");
        let choices = Choices {
            memory,
            tracing: template.text(&part(globals, "Tracing")) == "Active",
            route_metrics: template.text(&part(&part(api, "DefaultRouteSettings"), "DetailedMetricsEnabled"))
                == "true",
            platform_lines: template.text(&system) != "WARN",
            access_infrequent: template.text(&part(access_group, "LogGroupClass")) == "INFREQUENT_ACCESS",
            access_line: bytes(&template.text(&format)),
            our_line: logs.our_line,
            more_lines: BTreeMap::new(),
        };
        Ok(Self {
            choices,
            alarms: template.alarm_metrics()?,
            api_rate: template.parameter("ApiRate").parse()?,
            api_burst: template.parameter("ApiBurst").parse()?,
            auth_rate: template.parameter("AuthRate").parse()?,
            auth_burst: template.parameter("AuthBurst").parse()?,
            log_days: template.parameter("LogRetentionDays").parse()?,
        })
    }

    /// The same deployment as it was before the cuts.
    #[must_use]
    pub fn before(&self, choices: &Choices) -> Self {
        Self { choices: choices.clone(), ..self.clone() }
    }

    /// The size of a function.
    ///
    /// # Errors
    /// When the template has no such function.
    pub fn size(&self, function: &str) -> Result<u32, Failure> {
        self.choices
            .memory
            .get(function)
            .copied()
            .ok_or_else(|| format!("template.yaml has no {function}").into())
    }
}

/// The length of a line of the access log in that format.
#[expect(clippy::cast_precision_loss, reason = "a line is short")]
fn bytes(format: &str) -> f64 {
    let filled = USUAL.iter().fold(format.to_owned(), |line, (name, usual)| line.replace(name, usual));
    let filled = filled.replace("$context.integrationStatus", "200");
    filled.len() as f64
}

struct Template<'a>(&'a Value);

impl<'a> Template<'a> {
    fn at(&self, path: &[&str]) -> Result<&'a Value, Failure> {
        let missing = || format!("template.yaml has no {}", path.join("."));
        path.iter().try_fold(self.0, |value, name| value.get(name)).ok_or_else(|| missing().into())
    }

    fn resources(&self, kind: &str) -> Result<Vec<(&'a str, &'a Value)>, Failure> {
        let all = self.at(&["Resources"])?.as_mapping().ok_or("Resources is no mapping")?;
        let of_kind = |resource: &&Value| resource.get("Type").and_then(Value::as_str) == Some(kind);
        let named = all.iter().filter(|(_, resource)| of_kind(resource));
        Ok(named.filter_map(|(name, resource)| Some((name.as_str()?, resource))).collect())
    }

    /// A parameter's default.
    fn parameter(&self, name: &str) -> String {
        self.at(&["Parameters", name, "Default"]).map(plain).unwrap_or_default()
    }

    /// A value; of a reference to a parameter, its default.
    fn text(&self, value: &Value) -> String {
        match value {
            Value::Tagged(tagged) if tagged.tag == "Ref" => self.parameter(&plain(&tagged.value)),
            other => plain(other),
        }
    }

    /// An alarm costs as many times as it has metrics (`CloudWatch` pricing, "Alarms").
    fn alarm_metrics(&self) -> Result<f64, Failure> {
        let mut all = 0.0;
        for (_, alarm) in self.resources("AWS::CloudWatch::Alarm")? {
            // One is of the authorizer, which the template does not make unless asked.
            if alarm.get("Condition").is_some() {
                continue;
            }
            let metrics = alarm.get("Properties").and_then(|of| of.get("Metrics")?.as_sequence());
            let watched =
                metrics.map(|all| all.iter().filter(|metric| metric.get("MetricStat").is_some()).count());
            all += watched.map_or(1.0, |number| u32::try_from(number).map_or(0.0, f64::from));
        }
        Ok(all)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        _ => String::new(),
    }
}
