use super::*;
use proptest::prelude::*;

fn said(lines: &[&str]) -> Vec<(Role, u16, FieldKind)> {
    let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    claims(&lines)
        .into_iter()
        .map(|claim| (claim.role, claim.byte, claim.kind))
        .collect()
}

use FieldKind::{F32, I16, I32, Ibm32};
use Role::{
    CdpX, CdpY, CoordinateScalar, Crossline, Delay, Ensemble, FieldRecord, GroupX, Inline, Offset,
    SourcePoint, SourceX, SourceY, TraceInEnsemble,
};

#[test]
fn one_line_in_many_makers_words() {
    type Places = &'static [(Role, u16, FieldKind)];
    #[rustfmt::skip]
    let cases: &[(&str, Places)] = &[
        ("C12   INLINE BYTES 189-193    ¦ OFFSET BYTES 037-041", &[(Inline, 189, I32), (Offset, 37, I32)]),
        ("C13   CROSSLINE BYTES 021-024 | CMP UTM-X BYTES 181-184", &[(Crossline, 21, I32), (CdpX, 181, I32)]),
        ("INLINE BYTES 189–192", &[(Inline, 189, I32)]),
        ("IN-LINE 9-12", &[(Inline, 9, I32)]),
        ("C 6 XLINE 21", &[(Crossline, 21, I32)]),
        ("C24 ILINE 189 Integer - 4 byte", &[(Inline, 189, I32)]),
        ("C28 XY_SCALAR 71 Integer - 2 byte", &[(CoordinateScalar, 71, I16)]),
        ("C30 DELAY_TIME 109 Integer - 2 byte", &[(Delay, 109, I16)]),
        ("C37 INLINE: 189, XLINE: 193,", &[(Inline, 189, I32), (Crossline, 193, I32)]),
        ("BYTES 189-192: INLINE NUMBER", &[(Inline, 189, I32)]),
        ("189-192 INLINE   193-196 CROSSLINE", &[(Inline, 189, I32), (Crossline, 193, I32)]),
        ("181-184 4I CDP X", &[(CdpX, 181, I32)]),
        ("C 7 CDP X-COORD AT BYTES 181-184 (IBM FLOAT)", &[(CdpX, 181, Ibm32)]),
        ("EASTING (BYTE 73) NORTHING (BYTE 77)", &[(CdpX, 73, I32), (CdpY, 77, I32)]),
        ("FFID IN BYTES 9 TO 12", &[(FieldRecord, 9, I32)]),
        ("SHOTPOINT = BYTES 17-20", &[(SourcePoint, 17, I32)]),
        ("CDP NUMBER STORED IN TRACE HEADER BYTES 21-24", &[(Ensemble, 21, I32)]),
        ("TRACE NUMBER IN ENSEMBLE BYTES 25-28", &[(TraceInEnsemble, 25, I32)]),
        ("SOURCE X: BYTE 73  SOURCE Y: BYTE 77", &[(SourceX, 73, I32), (SourceY, 77, I32)]),
        ("RECEIVER X COORDINATE BYTES 81-84 REAL", &[(GroupX, 81, F32)]),
        ("IL BYTE 181 INT4; XL BYTE 185 INT4", &[(Inline, 181, I32), (Crossline, 185, I32)]),
        ("INLINE.....................189-192", &[(Inline, 189, I32)]),
        ("4 BYTE INTEGERS: INLINE 221, CROSSLINE 225", &[(Inline, 221, I32), (Crossline, 225, I32)]),
        ("LINE NUMBER (BYTES 9-10)", &[(Inline, 9, I16)]),
    ];
    for (line, wanted) in cases {
        assert_eq!(said(&[line]), *wanted, "{line}");
    }
}

#[test]
fn what_is_no_place_is_none() {
    for line in [
        "C 4 First inline: 1      Last inline: 5",
        "C 4 DATA RANGE: INLINES=(2479-2500) (INC 1),CROSSLINES=(1428-1440) (INC 1)",
        "C 6 DISTANCE BETWEEN INLINES: 2499.75 M, CROSSLINES: 1250 M",
        "C 7 1: INLINE 2479, CROSSLINE 1428, UTM-X 9976386.00, UTM-Y 9989096.00",
        "C15ARRAY..........INLINE 9 OVER  8 M      DISTANCE:4200----20 X 20-----4200",
        "C02CASCADED MIGRATION   DATUM AT -100 MS  SHOTPOINTS 111 - 324",
        "C11FORMAT......................SEG-D      SP INTERVAL..................20 M",
        "C 5 DATA TRACES/RECORD        AUXILIARY TRACES/RECORD   0     CDP FOLD",
        "C15 SPREAD: OFFSET        MAX DISTANCE        GROUP INTERVAL",
        "C19CROOKED LINE CDP BINNING          INTERMEDIATE DATUM:              0 M ASL",
        "INLINE 300 TO 600, XLINE 100 TO 900",
        "C 7 X min: -12.50 max: 112.50 delta: 125.00",
        "",
    ] {
        assert_eq!(said(&[line]), [], "{line}");
    }
}

#[test]
fn petrels_lists_are_read_and_the_binary_header_is_not() {
    let found = said(&[
        "C18 Binary header locations:",
        "C19 Sample interval             : bytes 17-18",
        "C20 Number of samples per trace : bytes 21-22",
        "C22",
        "C23 Trace header locations:",
        "C24 Inline number               : bytes 5-8",
        "C25 Xline number                : bytes 21-24",
        "C26 Coordinate scale factor     : bytes 71-72",
        "C27 X coordinate                : bytes 73-76",
        "C28 Y coordinate                : bytes 77-80",
        "C29 Trace start time/depth      : bytes 109-110",
        "C30 Number of samples per trace : bytes 115-116",
    ]);
    assert_eq!(
        found,
        [
            (Inline, 5, I32),
            (Crossline, 21, I32),
            (CoordinateScalar, 71, I16),
            (CdpX, 73, I32),
            (CdpY, 77, I32),
            (Delay, 109, I16),
        ]
    );
}

#[test]
fn a_heading_makes_bare_numbers_bytes() {
    let found = said(&[
        "C35 *** BYTE LOCATION OF KEY HEADERS ***",
        "C36 CMP UTM-X: 181, ALL COORDS SCALED BY: 10.0, CMP UTM-Y: 185",
        "C37 INLINE: 189, XLINE: 193,",
    ]);
    assert_eq!(
        found,
        [
            (CdpX, 181, I32),
            (CdpY, 185, I32),
            (Inline, 189, I32),
            (Crossline, 193, I32)
        ]
    );
}

#[test]
fn a_claim_quotes_its_line() {
    let lines = ["C 1 NOTHING".to_owned(), "C 2 INLINE BYTES 5-8".to_owned()];
    let found = claims(&lines);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].line, found[0].quote.as_str()),
        (2, "C 2 INLINE BYTES 5-8")
    );
    assert!(found[0].is_explicit);
}

proptest! {
    /// Whatever stands in a header: no panic, and every place lies within the trace header.
    #[test]
    fn any_text_gives_places_within_the_header(lines in proptest::collection::vec("\\PC{0,80}", 0..6)) {
        for claim in claims(&lines) {
            prop_assert!(claim.byte >= 1);
            prop_assert!(usize::from(claim.byte) + claim.kind.size_bytes() <= 241);
        }
    }

    /// A name, filler, and a range of four bytes is always understood.
    #[test]
    fn any_word_of_four_bytes_is_understood(
        word in 0_u16..59,
        card in 1_u8..=40,
        name in proptest::sample::select(vec![("INLINE", Inline), ("X-LINE", Crossline), ("Cdp X", CdpX), ("Offset", Offset)]),
        between in proptest::sample::select(vec![" BYTES ", ": bytes ", " = BYTE ", " NUMBER IN BYTES ", "......BYTES "]),
        pad in proptest::bool::ANY,
    ) {
        let byte = word * 4 + 1;
        let numbers = if pad { format!("{byte:03}-{:03}", byte + 3) } else { format!("{byte} - {}", byte + 3) };
        let line = format!("C{card:2} {}{between}{numbers}", name.0);
        prop_assert_eq!(said(&[&line]), vec![(name.1, byte, I32)]);
    }
}
