//! Unit prices, from `bench/prices.yaml`, each with its source.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Failure;

/// All prices, by their names.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Prices(BTreeMap<String, Price>);

/// What units of one kind cost in a month.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of what, in words.
    pub name: String,
    /// To be paid in any month.
    #[serde(default)]
    pub base: f64,
    /// Of one unit, whatever their number.
    #[serde(default)]
    each: f64,
    /// Of one unit, by how many there are.
    #[serde(default)]
    tiers: Vec<Tier>,
    /// There is a plan that is free up to so many.
    pub free_up_to: Option<f64>,
    /// Beyond so many there is no list price.
    pub lists_up_to: Option<f64>,
    /// The page that says so.
    pub source: String,
    /// When and where the page's words were read.
    pub read: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    /// Up to this number of units in a month; the last tier has no end.
    up_to: Option<f64>,
    each: f64,
}

impl Prices {
    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is not what a table of prices looks like.
    pub fn read(text: &str) -> Result<Self, Failure> {
        Ok(serde_yaml_ng::from_str(text)?)
    }

    /// The price of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(&self, name: &str) -> Result<&Price, Failure> {
        self.0.get(name).ok_or_else(|| format!("bench/prices.yaml has no {name}").into())
    }

    /// What that many units of a kind cost in a month.
    ///
    /// # Errors
    /// When there is no such price.
    pub fn cost(&self, name: &str, units: f64) -> Result<f64, Failure> {
        self.of(name).map(|price| price.cost(units))
    }

    /// All, by their names.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Price)> {
        self.0.iter().map(|(name, price)| (name.as_str(), price))
    }
}

impl Price {
    /// What that many units cost in a month.
    #[must_use]
    pub fn cost(&self, units: f64) -> f64 {
        let (mut sum, mut below) = (self.base + self.each * units, 0.0);
        for tier in &self.tiers {
            let end = tier.up_to.unwrap_or(f64::INFINITY);
            sum += (units.min(end) - below).max(0.0) * tier.each;
            below = end;
        }
        sum
    }

    /// What the first unit costs, or the first that is not free.
    #[must_use]
    pub fn first(&self) -> f64 {
        let paid = self.tiers.iter().map(|tier| tier.each).find(|each| *each > 0.0);
        paid.unwrap_or(self.each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(is: f64, should: f64) {
        assert!((is - should).abs() < 1e-9 * should.abs().max(1.0), "{is} is not {should}");
    }

    #[test]
    fn tiers_are_for_what_is_within_them() {
        let text = "x: { name: x, base: 5, tiers: [{ up_to: 10, each: 0 }, { up_to: 20, each: 2 }, { each: 1 }], source: s, read: r }";
        let prices = Prices::read(text).unwrap();
        for (units, cost) in [(0.0, 5.0), (10.0, 5.0), (15.0, 15.0), (20.0, 25.0), (25.0, 30.0)] {
            close(prices.cost("x", units).unwrap(), cost);
        }
        assert!(prices.cost("y", 1.0).is_err());
        close(prices.of("x").unwrap().first(), 2.0);
    }

    #[test]
    fn the_table_of_prices_is_complete_and_each_price_has_its_source() {
        let prices = Prices::read(include_str!("../../prices.yaml")).unwrap();
        for (name, price) in prices.all() {
            assert!(price.source.starts_with("https://") && !price.read.is_empty(), "{name}");
        }
        // 100,000 users of Cognito Essentials, of Lite, of Supabase, of Clerk.
        close(prices.cost("cognito_essentials", 1e5).unwrap(), 1350.0);
        close(prices.cost("cognito_lite", 1e5).unwrap(), 495.0);
        close(prices.cost("supabase", 1e5).unwrap(), 25.0);
        close(prices.cost("clerk", 1e5).unwrap(), 1025.0);
    }
}
