//! Which programs write which words where? Conventions that differ from the standard's places.
//!
//! A convention alone moves nothing: the data must look like it, and where its words stand in the
//! textual header it counts for more.

use super::Role;
use crate::import::MappedColumn;
use crate::segy::FieldKind;
use crate::segy::fields_trace::find_trace_field;

/// A program's or a project's convention.
#[derive(Debug)]
pub struct Preset {
    /// "Petrel".
    pub name: &'static str,
    /// Words of the textual header that speak for it, upper case; any one of them.
    pub(super) words: &'static [&'static str],
    /// Where it differs from the standard: nowhere, where this is empty.
    pub(super) places: &'static [(Role, u16)],
}

/// All conventions that are known, those without places of their own first. Sources: the standard (r1.0 §6); segysak `_segy_knownbytes.py` (Petrel, its lists in textual
/// headers agree); MDIO's quick start (Teapot Dome's `filt_mig`); DUG help 438571 (Kingdom's start
/// time); segyio issues 513 and 546 (221 and 225); segysak issue 112 (coordinates at 201);
/// segy.ca's format examples (9 and 13 with 81 and 85); revision 0 had no words for lines, so that
/// programs took those of field record and CDP (9 and 21).
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "SEG-Y revision 1",
        words: &[],
        places: &[],
    },
    Preset {
        name: "Seismic Unix",
        words: &[],
        places: &[],
    },
    Preset {
        name: "Petrel",
        words: &["PETREL", "SCHLUMBERGER"],
        places: &[
            (Role::Inline, 5),
            (Role::Crossline, 21),
            (Role::CdpX, 73),
            (Role::CdpY, 77),
        ],
    },
    Preset {
        name: "Kingdom",
        words: &["KINGDOM", "SEISMIC MICRO", "SMT "],
        places: &[(Role::Delay, 105)],
    },
    Preset {
        name: "Teapot Dome",
        words: &["TEAPOT", "RMOTC", "NPR-3", "NPR3"],
        places: &[
            (Role::Inline, 181),
            (Role::Crossline, 185),
            (Role::CdpX, 189),
            (Role::CdpY, 193),
        ],
    },
    Preset {
        name: "revision 0 practice",
        words: &[],
        places: &[
            (Role::Inline, 9),
            (Role::Crossline, 21),
            (Role::CdpX, 73),
            (Role::CdpY, 77),
        ],
    },
    Preset {
        name: "lines at 9 and 13",
        words: &[],
        places: &[
            (Role::Inline, 9),
            (Role::Crossline, 13),
            (Role::CdpX, 81),
            (Role::CdpY, 85),
        ],
    },
    Preset {
        name: "lines at 17 and 21",
        words: &[],
        places: &[(Role::Inline, 17), (Role::Crossline, 21)],
    },
    Preset {
        name: "lines at 221 and 225",
        words: &[],
        places: &[(Role::Inline, 221), (Role::Crossline, 225)],
    },
    Preset {
        name: "coordinates at 201 and 205",
        words: &[],
        places: &[(Role::CdpX, 201), (Role::CdpY, 205)],
    },
];

impl Preset {
    /// The columns that it has elsewhere than the standard.
    pub fn columns(&self) -> impl Iterator<Item = MappedColumn> + '_ {
        self.places.iter().map(|&(role, byte)| MappedColumn {
            name: role.column().to_owned(),
            byte,
            kind: find_trace_field(role.column()).map_or(FieldKind::I32, |field| field.kind),
        })
    }

    /// Where it places a role.
    pub(super) fn byte_of(&self, role: Role) -> Option<u16> {
        let (_, byte) = self.places.iter().find(|(r, _)| *r == role)?;
        Some(*byte)
    }

    /// The word of the text that speaks for it.
    pub(super) fn word_in(&self, text: &str) -> Option<&'static str> {
        self.words.iter().copied().find(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_convention_places_words_of_the_standard_within_the_header() {
        for preset in PRESETS {
            for column in preset.columns() {
                assert!(find_trace_field(&column.name).is_some(), "{}", column.name);
                let end = usize::from(column.byte) + column.kind.size_bytes();
                assert!(end <= 241, "{}: {}", preset.name, column.name);
            }
        }
    }
}
