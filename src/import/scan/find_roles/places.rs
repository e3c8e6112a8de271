//! Which places are worth a look for a role, and what speaks for each by where it is: the standard,
//! the textual header, a convention.

use super::{Finder, Place, standard};
use crate::import::scan::Role;
use crate::import::scan::evidence::Evidence;
use crate::import::scan::presets::{PRESETS, Preset};
use crate::import::scan::text_places::TextClaim;
use crate::segy::FieldKind;

impl Finder<'_> {
    /// What speaks for a place by where it is: the standard, the text, a convention. Gives whether
    /// words of the file back it.
    pub(super) fn by_place(&self, role: Role, place: Place, evidence: &mut Evidence) -> bool {
        let mut is_backed = false;
        let own = standard(role);
        if place == own {
            evidence.speaks_for(0.4, "the standard's place");
        }
        if let Some(claim) = self.claim(role, place.0) {
            let weight = if claim.is_explicit { 0.4 } else { 0.2 };
            is_backed = claim.is_explicit;
            let quote = claim.quote.split_whitespace().collect::<Vec<_>>().join(" ");
            evidence.speaks_for(
                weight,
                format!("the text header says \"{quote}\" (line {})", claim.line),
            );
        }
        let with_words = self.worded_preset(role, place.0);
        if let Some((preset, word)) = with_words {
            is_backed = true;
            evidence.speaks_for(
                0.3,
                format!(
                    "{} files have it there, and the text header says \"{word}\"",
                    preset.name
                ),
            );
        } else if let Some(preset) = PRESETS
            .iter()
            .find(|preset| preset.byte_of(role) == Some(place.0))
        {
            evidence.speaks_for(0.1, format!("a known convention ({})", preset.name));
        }
        is_backed
    }

    fn claim(&self, role: Role, byte: u16) -> Option<&TextClaim> {
        self.claims
            .iter()
            .filter(|claim| claim.role == role && claim.byte == byte)
            .max_by_key(|claim| claim.is_explicit)
    }

    fn worded_preset(&self, role: Role, byte: u16) -> Option<(&'static Preset, &'static str)> {
        PRESETS
            .iter()
            .filter(|preset| preset.byte_of(role) == Some(byte))
            .find_map(|preset| Some((preset, preset.word_in(&self.text)?)))
    }

    /// Pairs of places proposed for two roles: standard, text, conventions; each once.
    pub(super) fn proposed(&self, first: Role, second: Role) -> Vec<(Place, Place)> {
        let of = |role: Role| self.claims.iter().filter(move |claim| claim.role == role);
        let mut pairs = vec![(standard(first), standard(second))];
        for a in of(first) {
            for b in of(second).filter(|b| b.byte != a.byte) {
                pairs.push(((a.byte, a.kind), (b.byte, b.kind)));
            }
        }
        for preset in PRESETS {
            if let (Some(a), Some(b)) = (preset.byte_of(first), preset.byte_of(second)) {
                pairs.push(((a, FieldKind::I32), (b, FieldKind::I32)));
            }
        }
        let mut unique: Vec<(Place, Place)> = Vec::with_capacity(pairs.len());
        for pair in pairs {
            if !unique.contains(&pair) {
                unique.push(pair);
            }
        }
        unique
    }
}
