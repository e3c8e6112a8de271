//! Which colour does an amplitude have? Tables of control points, positive numbers at 1.
//!
//! An amplitude `a` at clip `c` takes entry `⌊128 + 127.5 · a/c⌋` of the 256: zero is entry 128,
//! `±c` are the ends, and what lies beyond is at the ends too. Colours are sRGB bytes, mixed as
//! such, because egui and PNG files take them as such.

/// A colour table by control points from 0 (most negative) to 1 (most positive).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourTable {
    /// As shown to users.
    pub name: &'static str,
    /// Position and sRGB colour, ascending.
    pub points: &'static [(f32, [u8; 3])],
}

impl ColourTable {
    /// 256 colours, from most negative to most positive.
    pub fn lookup(&self) -> [[u8; 4]; 256] {
        std::array::from_fn(|i| {
            let [r, g, b] = self.colour_at(i as f32 / 255.0);
            [r, g, b, 255]
        })
    }

    /// The colour at `position` (0..1).
    pub fn colour_at(&self, position: f32) -> [u8; 3] {
        let Some(&(_, first)) = self.points.first() else {
            return [0; 3];
        };
        let mut below = (f32::NEG_INFINITY, first);
        for &(at, colour) in self.points {
            if position <= at {
                let width = at - below.0;
                let part = if width.is_finite() && width > 0.0 {
                    (position - below.0) / width
                } else {
                    1.0
                };
                return mixed(below.1, colour, part);
            }
            below = (at, colour);
        }
        below.1
    }
}

fn mixed(a: [u8; 3], b: [u8; 3], part: f32) -> [u8; 3] {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two bytes"
    )]
    std::array::from_fn(|i| {
        let (a, b) = (f32::from(a[i]), f32::from(b[i]));
        (a + (b - a) * part).round() as u8
    })
}

/// All tables; the first is the default.
pub const COLOUR_TABLES: &[ColourTable] = &[
    ColourTable {
        name: "Grey (black = +)",
        points: &[(0.0, [255, 255, 255]), (1.0, [0, 0, 0])],
    },
    ColourTable {
        name: "Grey (white = +)",
        points: &[(0.0, [0, 0, 0]), (1.0, [255, 255, 255])],
    },
    ColourTable {
        name: "Red-White-Blue (red = +)",
        points: &[
            (0.0, [5, 48, 140]),
            (0.25, [67, 130, 200]),
            (0.5, [255, 255, 255]),
            (0.75, [220, 80, 66]),
            (1.0, [140, 0, 24]),
        ],
    },
    ColourTable {
        name: "Blue-White-Red (blue = +)",
        points: &[
            (0.0, [140, 0, 24]),
            (0.25, [220, 80, 66]),
            (0.5, [255, 255, 255]),
            (0.75, [67, 130, 200]),
            (1.0, [5, 48, 140]),
        ],
    },
    ColourTable {
        name: "Seismics (black = +)",
        points: &[
            (0.0, [170, 0, 0]),
            (0.07, [255, 28, 0]),
            (0.25, [255, 200, 0]),
            (0.5, [243, 243, 243]),
            (0.88, [56, 70, 127]),
            (1.0, [0, 0, 0]),
        ],
    },
    ColourTable {
        name: "Petrel",
        points: &[
            (0.0, [161, 255, 255]),
            (0.33, [0, 0, 191]),
            (0.40, [77, 77, 77]),
            (0.50, [204, 204, 204]),
            (0.60, [97, 69, 0]),
            (0.67, [191, 0, 0]),
            (1.0, [255, 255, 0]),
        ],
    },
    ColourTable {
        name: "OD Seismic",
        points: &[
            (0.0, [85, 255, 255]),
            (0.2, [9, 49, 112]),
            (0.35, [89, 112, 73]),
            (0.5, [255, 255, 255]),
            (0.65, [249, 236, 86]),
            (0.8, [131, 98, 52]),
            (1.0, [255, 0, 0]),
        ],
    },
    ColourTable {
        name: "Red-White-Black",
        points: &[
            (0.0, [255, 0, 0]),
            (0.25, [255, 200, 0]),
            (0.5, [255, 255, 255]),
            (1.0, [0, 0, 0]),
        ],
    },
    ColourTable {
        name: "Seismic (red = +, dark ends)",
        points: &[
            (0.0, [0, 0, 77]),
            (0.25, [0, 0, 255]),
            (0.5, [255, 255, 255]),
            (0.75, [255, 0, 0]),
            (1.0, [128, 0, 0]),
        ],
    },
    ColourTable {
        name: "Seismic (blue = +, dark ends)",
        points: &[
            (0.0, [128, 0, 0]),
            (0.25, [255, 0, 0]),
            (0.5, [255, 255, 255]),
            (0.75, [0, 0, 255]),
            (1.0, [0, 0, 77]),
        ],
    },
    ColourTable {
        name: "Rainbow",
        points: &[
            (0.0, [0, 0, 128]),
            (0.125, [0, 0, 255]),
            (0.375, [0, 255, 255]),
            (0.625, [255, 255, 0]),
            (0.875, [255, 0, 0]),
            (1.0, [128, 0, 0]),
        ],
    },
    ColourTable {
        name: "Viridis",
        points: &[
            (0.0, [68, 1, 84]),
            (0.125, [71, 44, 122]),
            (0.25, [59, 81, 139]),
            (0.375, [44, 113, 142]),
            (0.5, [33, 144, 141]),
            (0.625, [39, 173, 129]),
            (0.75, [92, 200, 99]),
            (0.875, [170, 220, 50]),
            (1.0, [253, 231, 37]),
        ],
    },
    // Batlow and Vik: F. Crameri, Scientific colour maps, MIT licence.
    ColourTable {
        name: "Batlow",
        points: &[
            (0.0, [1, 25, 89]),
            (0.1111, [16, 63, 96]),
            (0.2222, [27, 89, 98]),
            (0.3333, [60, 109, 86]),
            (0.4444, [104, 123, 62]),
            (0.5556, [157, 137, 43]),
            (0.6667, [210, 147, 67]),
            (0.7778, [248, 162, 126]),
            (0.8889, [253, 183, 188]),
            (1.0, [250, 204, 250]),
        ],
    },
    ColourTable {
        name: "Vik (red = +)",
        points: &[
            (0.0, [0, 18, 97]),
            (0.0625, [2, 43, 113]),
            (0.125, [3, 68, 129]),
            (0.1875, [12, 94, 146]),
            (0.25, [48, 125, 166]),
            (0.3125, [97, 158, 189]),
            (0.375, [148, 190, 210]),
            (0.4375, [198, 219, 230]),
            (0.5, [236, 229, 224]),
            (0.5625, [233, 202, 184]),
            (0.625, [219, 170, 141]),
            (0.6875, [207, 140, 102]),
            (0.75, [194, 112, 65]),
            (0.8125, [178, 81, 29]),
            (0.875, [145, 45, 6]),
            (0.9375, [115, 20, 6]),
            (1.0, [89, 0, 8]),
        ],
    },
    ColourTable {
        name: "Vik (blue = +)",
        points: &[
            (0.0, [89, 0, 8]),
            (0.0625, [115, 20, 6]),
            (0.125, [145, 45, 6]),
            (0.1875, [178, 81, 29]),
            (0.25, [194, 112, 65]),
            (0.3125, [207, 140, 102]),
            (0.375, [219, 170, 141]),
            (0.4375, [233, 202, 184]),
            (0.5, [236, 229, 224]),
            (0.5625, [198, 219, 230]),
            (0.625, [148, 190, 210]),
            (0.6875, [97, 158, 189]),
            (0.75, [48, 125, 166]),
            (0.8125, [12, 94, 146]),
            (0.875, [3, 68, 129]),
            (0.9375, [2, 43, 113]),
            (1.0, [0, 18, 97]),
        ],
    },
    // Inferno, as Viridis: S. van der Walt and N. Smith, CC0.
    ColourTable {
        name: "Inferno",
        points: &[
            (0.0, [0, 0, 4]),
            (0.125, [33, 12, 74]),
            (0.25, [87, 16, 110]),
            (0.375, [138, 34, 106]),
            (0.5, [188, 55, 84]),
            (0.625, [228, 90, 49]),
            (0.75, [249, 142, 9]),
            (0.875, [249, 203, 53]),
            (1.0, [252, 255, 164]),
        ],
    },
    // Made for this program.
    ColourTable {
        name: "Brown-White-Black",
        points: &[
            (0.0, [122, 68, 25]),
            (0.1667, [201, 143, 78]),
            (0.3333, [242, 227, 201]),
            (0.5, [255, 255, 255]),
            (0.6667, [200, 204, 210]),
            (0.8333, [110, 118, 129]),
            (1.0, [16, 20, 24]),
        ],
    },
    ColourTable {
        name: "Green-White-Purple",
        points: &[
            (0.0, [27, 94, 52]),
            (0.1667, [111, 176, 127]),
            (0.3333, [221, 239, 224]),
            (0.5, [255, 255, 255]),
            (0.6667, [232, 221, 240]),
            (0.8333, [162, 124, 191]),
            (1.0, [75, 29, 107]),
        ],
    },
    ColourTable {
        name: "Spectral (red = +)",
        points: &[
            (0.0, [94, 79, 162]),
            (0.1, [50, 136, 189]),
            (0.2, [102, 194, 165]),
            (0.3, [171, 221, 164]),
            (0.4, [230, 245, 152]),
            (0.5, [255, 255, 191]),
            (0.6, [254, 224, 139]),
            (0.7, [253, 174, 97]),
            (0.8, [244, 109, 67]),
            (0.9, [213, 62, 79]),
            (1.0, [158, 1, 66]),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_points_ascend_from_0_to_1() {
        for table in COLOUR_TABLES {
            let positions: Vec<f32> = table.points.iter().map(|p| p.0).collect();
            assert!(positions.is_sorted_by(|a, b| a < b), "{}", table.name);
            assert_eq!(positions.first(), Some(&0.0), "{}", table.name);
            assert_eq!(positions.last(), Some(&1.0), "{}", table.name);
        }
    }

    #[test]
    fn the_ends_of_the_lookup_are_the_ends_of_the_table() {
        for table in COLOUR_TABLES {
            let lookup = table.lookup();
            assert_eq!(lookup[0][..3], table.points[0].1, "{}", table.name);
            assert_eq!(
                lookup[255][..3],
                table.points[table.points.len() - 1].1,
                "{}",
                table.name
            );
        }
    }

    #[test]
    fn grey_is_black_for_positive_and_mid_grey_for_zero() {
        let lookup = COLOUR_TABLES[0].lookup();
        assert_eq!(lookup[255], [0, 0, 0, 255]);
        assert_eq!(lookup[0], [255, 255, 255, 255]);
        assert_eq!(lookup[128], [127, 127, 127, 255]);
    }

    #[test]
    fn two_sided_tables_are_white_at_zero_and_named_for_their_positive_end() {
        for (name, reddest) in [
            ("Red-White-Blue (red = +)", 255),
            ("Blue-White-Red (blue = +)", 0),
        ] {
            let table = COLOUR_TABLES.iter().find(|t| t.name == name).expect(name);
            assert_eq!(table.colour_at(0.5), [255, 255, 255]);
            let red = table.lookup()[reddest];
            assert!(red[0] > red[2], "{name}");
        }
    }

    #[test]
    fn every_order_of_red_and_blue_is_there_and_mirrors_the_other() {
        for (red, blue) in [
            ("Red-White-Blue (red = +)", "Blue-White-Red (blue = +)"),
            (
                "Seismic (red = +, dark ends)",
                "Seismic (blue = +, dark ends)",
            ),
            ("Vik (red = +)", "Vik (blue = +)"),
        ] {
            let find = |name: &str| COLOUR_TABLES.iter().find(|t| t.name == name).expect(name);
            let mut mirrored = find(blue).lookup();
            mirrored.reverse();
            let same = find(red)
                .lookup()
                .iter()
                .zip(&mirrored)
                .all(|(a, b)| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1));
            assert!(same, "{red}");
        }
    }

    #[test]
    fn names_are_unique() {
        for (i, table) in COLOUR_TABLES.iter().enumerate() {
            assert!(COLOUR_TABLES[..i].iter().all(|t| t.name != table.name));
        }
    }
}
