//! What do textual headers call the things in trace headers? One row a phrase, in upper case, with
//! hyphens and underscores read as blanks.

use super::Role;

/// A phrase for a role. The longest phrase that fits wins.
#[rustfmt::skip]
pub(super) const PHRASES: &[(Role, &[&str])] = &[
    (Role::Inline, &["INLINE"]), (Role::Inline, &["IN", "LINE"]), (Role::Inline, &["INLINES"]),
    (Role::Inline, &["ILINE"]), (Role::Inline, &["I", "LINE"]), (Role::Inline, &["IL"]),
    (Role::Inline, &["INL"]), (Role::Inline, &["ILN"]), (Role::Inline, &["INLINE3D"]),
    (Role::Inline, &["3D", "INLINE"]), (Role::Inline, &["BIN", "LINE"]),
    (Role::Inline, &["LINE", "NUMBER"]), (Role::Inline, &["LINE", "NO"]),
    (Role::Inline, &["POSTSTACK", "INLINE"]), (Role::Inline, &["SUBSURFACE", "LINE"]),

    (Role::Crossline, &["CROSSLINE"]), (Role::Crossline, &["CROSS", "LINE"]),
    (Role::Crossline, &["CROSSLINES"]), (Role::Crossline, &["XLINE"]),
    (Role::Crossline, &["X", "LINE"]), (Role::Crossline, &["XL"]), (Role::Crossline, &["XLN"]),
    (Role::Crossline, &["CRL"]), (Role::Crossline, &["CRSLINE"]),
    (Role::Crossline, &["CROSSLINE3D"]), (Role::Crossline, &["3D", "CROSSLINE"]),
    (Role::Crossline, &["3D", "XLINE"]), (Role::Crossline, &["BIN", "TRACE"]),

    (Role::Ensemble, &["CDP"]), (Role::Ensemble, &["CMP"]), (Role::Ensemble, &["CRP"]),
    (Role::Ensemble, &["ENSEMBLE"]), (Role::Ensemble, &["CDP", "ENSEMBLE"]),
    (Role::Ensemble, &["ENSEMBLE", "CDP"]), (Role::Ensemble, &["BIN", "NUMBER"]),
    (Role::Ensemble, &["CDPS"]), (Role::Ensemble, &["DEPTH", "POINT"]),

    (Role::TraceInEnsemble, &["TRACE", "NUMBER", "IN", "ENSEMBLE"]),
    (Role::TraceInEnsemble, &["TRACE", "NUMBER", "WITHIN", "ENSEMBLE"]),
    (Role::TraceInEnsemble, &["TRACE", "IN", "ENSEMBLE"]),
    (Role::TraceInEnsemble, &["TRACE", "WITHIN", "ENSEMBLE"]),
    (Role::TraceInEnsemble, &["TRACE", "IN", "CDP"]),
    (Role::TraceInEnsemble, &["TRACE", "NUMBER", "IN", "CDP"]),
    (Role::TraceInEnsemble, &["CDP", "TRACE"]), (Role::TraceInEnsemble, &["CDPT"]),

    (Role::FieldRecord, &["FFID"]), (Role::FieldRecord, &["FLDR"]),
    (Role::FieldRecord, &["FIELD", "RECORD"]), (Role::FieldRecord, &["FIELD", "FILE"]),
    (Role::FieldRecord, &["FIELD", "FILE", "ID"]), (Role::FieldRecord, &["RECORD", "NUMBER"]),
    (Role::FieldRecord, &["ORIGINAL", "FIELD", "RECORD"]), (Role::FieldRecord, &["SHOT", "RECORD"]),
    (Role::FieldRecord, &["FILE", "NUMBER"]), (Role::FieldRecord, &["FIELD", "ID"]),

    (Role::SourcePoint, &["SHOT", "POINT"]), (Role::SourcePoint, &["SHOTPOINT"]),
    (Role::SourcePoint, &["SP"]), (Role::SourcePoint, &["SOURCE", "POINT"]),
    (Role::SourcePoint, &["ENERGY", "SOURCE", "POINT"]), (Role::SourcePoint, &["EP"]),
    (Role::SourcePoint, &["SHOT", "NUMBER"]), (Role::SourcePoint, &["VP"]),
    (Role::SourcePoint, &["SHOT", "PEG"]),

    (Role::Offset, &["OFFSET"]), (Role::Offset, &["SOURCE", "RECEIVER", "OFFSET"]),
    (Role::Offset, &["SOURCE", "RECEIVER", "DISTANCE"]),
    (Role::Offset, &["SOURCE", "TO", "RECEIVER", "DISTANCE"]),
    (Role::Offset, &["SHOT", "RECEIVER", "DISTANCE"]), (Role::Offset, &["SHOT", "RECEIVER", "OFFSET"]),
    (Role::Offset, &["OFFSET", "DISTANCE"]), (Role::Offset, &["SRC", "REC", "OFFSET"]),
    (Role::Offset, &["TRACE", "OFFSET"]),

    (Role::SourceX, &["SOURCE", "X"]), (Role::SourceX, &["SHOT", "X"]), (Role::SourceX, &["SRC", "X"]),
    (Role::SourceX, &["SX"]), (Role::SourceX, &["SP", "X"]), (Role::SourceX, &["X", "SOURCE"]),
    (Role::SourceX, &["X", "SHOT"]), (Role::SourceX, &["SOURCE", "EASTING"]),
    (Role::SourceX, &["SHOT", "EASTING"]), (Role::SourceX, &["SOURCE", "COORDINATE", "X"]),
    (Role::SourceX, &["SHOTPOINT", "X"]), (Role::SourceX, &["SHOT", "POINT", "X"]),
    (Role::SourceY, &["SOURCE", "Y"]), (Role::SourceY, &["SHOT", "Y"]), (Role::SourceY, &["SRC", "Y"]),
    (Role::SourceY, &["SY"]), (Role::SourceY, &["SP", "Y"]), (Role::SourceY, &["Y", "SOURCE"]),
    (Role::SourceY, &["Y", "SHOT"]), (Role::SourceY, &["SOURCE", "NORTHING"]),
    (Role::SourceY, &["SHOT", "NORTHING"]), (Role::SourceY, &["SOURCE", "COORDINATE", "Y"]),
    (Role::SourceY, &["SHOTPOINT", "Y"]), (Role::SourceY, &["SHOT", "POINT", "Y"]),

    (Role::GroupX, &["GROUP", "X"]), (Role::GroupX, &["RECEIVER", "X"]), (Role::GroupX, &["REC", "X"]),
    (Role::GroupX, &["RCV", "X"]), (Role::GroupX, &["GX"]), (Role::GroupX, &["RX"]),
    (Role::GroupX, &["X", "RECEIVER"]), (Role::GroupX, &["X", "GROUP"]),
    (Role::GroupX, &["RECEIVER", "EASTING"]), (Role::GroupX, &["DETECTOR", "X"]),
    (Role::GroupX, &["RECEIVER", "GROUP", "X"]),
    (Role::GroupY, &["GROUP", "Y"]), (Role::GroupY, &["RECEIVER", "Y"]), (Role::GroupY, &["REC", "Y"]),
    (Role::GroupY, &["RCV", "Y"]), (Role::GroupY, &["GY"]), (Role::GroupY, &["RY"]),
    (Role::GroupY, &["Y", "RECEIVER"]), (Role::GroupY, &["Y", "GROUP"]),
    (Role::GroupY, &["RECEIVER", "NORTHING"]), (Role::GroupY, &["DETECTOR", "Y"]),
    (Role::GroupY, &["RECEIVER", "GROUP", "Y"]),

    (Role::CdpX, &["CDP", "X"]), (Role::CdpX, &["CMP", "X"]), (Role::CdpX, &["CRP", "X"]),
    (Role::CdpX, &["CDPX"]), (Role::CdpX, &["ENSEMBLE", "X"]), (Role::CdpX, &["BIN", "X"]),
    (Role::CdpX, &["MIDPOINT", "X"]), (Role::CdpX, &["CMP", "UTM", "X"]),
    (Role::CdpX, &["CDP", "UTM", "X"]), (Role::CdpX, &["UTM", "X"]), (Role::CdpX, &["X", "UTM"]),
    (Role::CdpX, &["X", "COORDINATE"]), (Role::CdpX, &["X", "COORD"]), (Role::CdpX, &["XCOORD"]),
    (Role::CdpX, &["X", "CDP"]), (Role::CdpX, &["X", "CMP"]), (Role::CdpX, &["EASTING"]),
    (Role::CdpX, &["CDP", "EASTING"]), (Role::CdpX, &["CMP", "EASTING"]),
    (Role::CdpX, &["BIN", "CENTER", "X"]), (Role::CdpX, &["BIN", "CENTRE", "X"]), (Role::CdpX, &["X"]),
    (Role::CdpX, &["COORDINATE", "X"]), (Role::CdpX, &["WORLD", "X"]),
    (Role::CdpY, &["CDP", "Y"]), (Role::CdpY, &["CMP", "Y"]), (Role::CdpY, &["CRP", "Y"]),
    (Role::CdpY, &["CDPY"]), (Role::CdpY, &["ENSEMBLE", "Y"]), (Role::CdpY, &["BIN", "Y"]),
    (Role::CdpY, &["MIDPOINT", "Y"]), (Role::CdpY, &["CMP", "UTM", "Y"]),
    (Role::CdpY, &["CDP", "UTM", "Y"]), (Role::CdpY, &["UTM", "Y"]), (Role::CdpY, &["Y", "UTM"]),
    (Role::CdpY, &["Y", "COORDINATE"]), (Role::CdpY, &["Y", "COORD"]), (Role::CdpY, &["YCOORD"]),
    (Role::CdpY, &["Y", "CDP"]), (Role::CdpY, &["Y", "CMP"]), (Role::CdpY, &["NORTHING"]),
    (Role::CdpY, &["CDP", "NORTHING"]), (Role::CdpY, &["CMP", "NORTHING"]),
    (Role::CdpY, &["BIN", "CENTER", "Y"]), (Role::CdpY, &["BIN", "CENTRE", "Y"]), (Role::CdpY, &["Y"]),
    (Role::CdpY, &["COORDINATE", "Y"]), (Role::CdpY, &["WORLD", "Y"]),

    (Role::CoordinateScalar, &["COORDINATE", "SCALE", "FACTOR"]),
    (Role::CoordinateScalar, &["COORDINATE", "SCALAR"]), (Role::CoordinateScalar, &["COORDINATE", "SCALER"]),
    (Role::CoordinateScalar, &["COORD", "SCALAR"]), (Role::CoordinateScalar, &["COORD", "SCALER"]),
    (Role::CoordinateScalar, &["XY", "SCALAR"]), (Role::CoordinateScalar, &["XY", "SCALER"]),
    (Role::CoordinateScalar, &["COORDINATE", "MULTIPLIER"]), (Role::CoordinateScalar, &["SCALCO"]),
    (Role::CoordinateScalar, &["SCALAR", "FOR", "COORDINATES"]),
    (Role::CoordinateScalar, &["SCALER", "FOR", "COORDINATES"]),

    (Role::Delay, &["DELAY"]), (Role::Delay, &["DELAY", "TIME"]),
    (Role::Delay, &["DELAY", "RECORDING", "TIME"]), (Role::Delay, &["RECORDING", "DELAY"]),
    (Role::Delay, &["START", "TIME"]), (Role::Delay, &["START", "TIME", "DEPTH"]),
    (Role::Delay, &["TRACE", "START", "TIME"]), (Role::Delay, &["TRACE", "START", "TIME", "DEPTH"]),
    (Role::Delay, &["FIRST", "SAMPLE", "TIME"]), (Role::Delay, &["TIME", "OF", "FIRST", "SAMPLE"]),
    (Role::Delay, &["DELRT"]),
];

/// Words before a phrase that make it a value: "First inline: 1".
pub(super) const VALUE_WORDS: &[&str] = &[
    "FIRST", "LAST", "MIN", "MAX", "MINIMUM", "MAXIMUM", "NEAR", "FAR", "NUMBER", "TOTAL",
];

/// Words between a phrase and its byte.
pub(super) const FILLERS: &[&str] = &[
    "NUMBER",
    "NUMBERS",
    "NO",
    "NUM",
    "NBR",
    "NUMB",
    "IN",
    "AT",
    "IS",
    "ARE",
    "FROM",
    "STORED",
    "WRITTEN",
    "LOCATED",
    "THE",
    "TRACE",
    "TRC",
    "HEADER",
    "HEADERS",
    "HDR",
    "LOCATION",
    "LOCATIONS",
    "LOC",
    "POSITION",
    "POS",
    "START",
    "STARTS",
    "STARTING",
    "COORDINATE",
    "COORDINATES",
    "COORD",
    "COORDS",
    "FIELD",
    "VALUE",
    "ID",
    "DISTANCE",
    "OFFSET",
    "ON",
];

/// Words that say that a number is a byte.
pub(super) const BYTE_WORDS: &[&str] = &["BYTE", "BYTES", "BYT", "B"];

/// First bytes of the words that carry such things in known conventions: a bare number must be one.
pub(super) const USUAL_STARTS: &[u32] = &[
    1, 5, 9, 13, 17, 21, 25, 37, 71, 73, 77, 81, 85, 105, 109, 181, 185, 189, 193, 197, 201, 205,
    209, 213, 217, 221, 225, 229, 233,
];
