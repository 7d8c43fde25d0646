//! What Usher costs: `docs/costs.md` and `docs/performance/memory.md`, from what was measured
//! (`bench/results/table.json`), the prices (`bench/prices.yaml`), what is supposed beside that
//! (`bench/model.yaml`) and what `template.yaml` says. The same inputs give the same documents.

pub mod measured;
pub mod memory;
pub mod model;
pub mod month;
pub mod prices;
mod render;
pub mod settings;
pub mod usage;

use std::fs;
use std::path::{Path, PathBuf};

use self::measured::Measured;
use self::model::Model;
use self::month::Deployment;
use self::prices::Prices;
use self::settings::Settings;
use crate::Failure;

/// All that the documents are made from.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// What was measured.
    pub measured: Measured,
    /// What a unit costs.
    pub prices: Prices,
    /// What is supposed.
    pub model: Model,
    /// What the template says.
    pub now: Settings,
    /// What it said before the cuts.
    pub before: Settings,
}

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

impl Inputs {
    /// Reads the files below the repository's root.
    ///
    /// # Errors
    /// When one is missing or is not what it should be.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let text =
            |path: &str| fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
        let measured = Measured::read(&text("bench/results/table.json")?)?;
        let prices = Prices::read(&text("bench/prices.yaml")?)?;
        let model = Model::read(&text("bench/model.yaml")?)?;
        let now = Settings::of_template(&text("template.yaml")?, model.logs)?;
        let before = now.before(&model.before);
        Ok(Self { measured, prices, model, now, before })
    }

    /// A deployment with those settings.
    #[must_use]
    pub fn with<'a>(&'a self, settings: &'a Settings) -> Deployment<'a> {
        Deployment { measured: &self.measured, model: &self.model, settings }
    }

    /// The documents, by their paths.
    ///
    /// # Errors
    /// When something that they tell was not measured or has no price.
    pub fn documents(&self) -> Result<Vec<(&'static str, String)>, Failure> {
        Ok(vec![
            ("docs/costs.md", render::costs(self)?),
            ("docs/performance/memory.md", render::memory(self)?),
        ])
    }
}

/// Writes the documents.
///
/// # Errors
/// When an input is missing or a document cannot be written.
pub fn run() -> Result<(), Failure> {
    let root = root();
    for (path, text) in Inputs::read(&root)?.documents()? {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&root))?;
        fs::write(path, text)?;
    }
    Ok(())
}
