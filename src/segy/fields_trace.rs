//! The words of the standard trace header: one row each. (r2.0 §7.1, table 3)
//!
//! Names are those of the columns in headers.parquet; the last two texts are what segyio and
//! Seismic Unix call the word. Looking a word up by any name: `names.rs`.

use super::FieldKind::{I16, I32, Text8, U16};
use super::{FieldKind, FieldSpec};

pub use super::names::{find_trace_field, suggest_trace_fields};

/// Bytes of a standard trace header, and of each additional one.
pub const TRACE_HEADER_BYTES: usize = 240;

/// All words, in the order of their bytes.
#[rustfmt::skip]
pub const TRACE_FIELDS: &[FieldSpec] = &[
    row(  1, I32, "trace_seq_num_line", 0, "TRACE_SEQUENCE_LINE", "tracl"),
    row(  5, I32, "trace_seq_num_reel", 0, "TRACE_SEQUENCE_FILE", "tracr"),
    row(  9, I32, "orig_field_record_num", 0, "FieldRecord", "fldr"),
    row( 13, I32, "trace_num_orig_record", 0, "TraceNumber", "tracf"),
    row( 17, I32, "energy_source_point_num", 0, "EnergySourcePoint", "ep"),
    row( 21, I32, "ensemble_num", 0, "CDP", "cdp"),
    row( 25, I32, "trace_num_ensemble", 0, "CDP_TRACE", "cdpt"),
    row( 29, I16, "trace_id_code", 0, "TraceIdentificationCode", "trid"),
    row( 31, I16, "vertically_summed_traces", 0, "NSummedTraces", "nvs"),
    row( 33, I16, "horizontally_stacked_traces", 0, "NStackedTraces", "nhs"),
    row( 35, I16, "data_use", 0, "DataUse", "duse"),
    row( 37, I32, "source_to_receiver_distance", 0, "offset", "offset"),
    row( 41, I32, "receiver_group_elevation", 0, "ReceiverGroupElevation", "gelev"),
    row( 45, I32, "source_surface_elevation", 0, "SourceSurfaceElevation", "selev"),
    row( 49, I32, "source_depth_below_surface", 0, "SourceDepth", "sdepth"),
    row( 53, I32, "receiver_datum_elevation", 0, "ReceiverDatumElevation", "gdel"),
    row( 57, I32, "source_datum_elevation", 0, "SourceDatumElevation", "sdel"),
    row( 61, I32, "source_water_depth", 0, "SourceWaterDepth", "swdep"),
    row( 65, I32, "receiver_water_depth", 0, "GroupWaterDepth", "gwdep"),
    row( 69, I16, "elevation_depth_scalar", 0, "ElevationScalar", "scalel"),
    row( 71, I16, "coordinate_scalar", 0, "SourceGroupScalar", "scalco"),
    row( 73, I32, "source_coord_x", 0, "SourceX", "sx"),
    row( 77, I32, "source_coord_y", 0, "SourceY", "sy"),
    row( 81, I32, "group_coord_x", 0, "GroupX", "gx"),
    row( 85, I32, "group_coord_y", 0, "GroupY", "gy"),
    row( 89, I16, "coordinate_unit", 0, "CoordinateUnits", "counit"),
    row( 91, I16, "weathering_velocity", 0, "WeatheringVelocity", "wevel"),
    row( 93, I16, "subweathering_velocity", 0, "SubWeatheringVelocity", "swevel"),
    row( 95, I16, "source_uphole_time", 0, "SourceUpholeTime", "sut"),
    row( 97, I16, "group_uphole_time", 0, "GroupUpholeTime", "gut"),
    row( 99, I16, "source_static_correction", 0, "SourceStaticCorrection", "sstat"),
    row(101, I16, "receiver_static_correction", 0, "GroupStaticCorrection", "gstat"),
    row(103, I16, "total_static_applied", 0, "TotalStaticApplied", "tstat"),
    row(105, I16, "lag_time_a", 0, "LagTimeA", "laga"),
    row(107, I16, "lag_time_b", 0, "LagTimeB", "lagb"),
    row(109, I16, "delay_recording_time", 0, "DelayRecordingTime", "delrt"),
    row(111, I16, "mute_time_start", 0, "MuteTimeStart", "muts"),
    row(113, I16, "mute_time_end", 0, "MuteTimeEND", "mute"),
    row(115, U16, "samples_per_trace", 0, "TRACE_SAMPLE_COUNT", "ns"),
    row(117, U16, "sample_interval", 0, "TRACE_SAMPLE_INTERVAL", "dt"),
    row(119, I16, "instrument_gain_type", 0, "GainType", "gain"),
    row(121, I16, "instrument_gain_const", 0, "InstrumentGainConstant", "igc"),
    row(123, I16, "instrument_gain_initial", 0, "InstrumentInitialGain", "igi"),
    row(125, I16, "correlated_data", 0, "Correlated", "corr"),
    row(127, I16, "sweep_freq_start", 0, "SweepFrequencyStart", "sfs"),
    row(129, I16, "sweep_freq_end", 0, "SweepFrequencyEnd", "sfe"),
    row(131, I16, "sweep_length", 0, "SweepLength", "slen"),
    row(133, I16, "sweep_type", 0, "SweepType", "styp"),
    row(135, I16, "sweep_taper_start", 0, "SweepTraceTaperLengthStart", "stas"),
    row(137, I16, "sweep_taper_end", 0, "SweepTraceTaperLengthEnd", "stae"),
    row(139, I16, "taper_type", 0, "TaperType", "tatyp"),
    row(141, I16, "alias_filter_freq", 0, "AliasFilterFrequency", "afilf"),
    row(143, I16, "alias_filter_slope", 0, "AliasFilterSlope", "afils"),
    row(145, I16, "notch_filter_freq", 0, "NotchFilterFrequency", "nofilf"),
    row(147, I16, "notch_filter_slope", 0, "NotchFilterSlope", "nofils"),
    row(149, I16, "low_cut_freq", 0, "LowCutFrequency", "lcf"),
    row(151, I16, "high_cut_freq", 0, "HighCutFrequency", "hcf"),
    row(153, I16, "low_cut_slope", 0, "LowCutSlope", "lcs"),
    row(155, I16, "high_cut_slope", 0, "HighCutSlope", "hcs"),
    row(157, I16, "year_recorded", 0, "YearDataRecorded", "year"),
    row(159, I16, "day_of_year", 0, "DayOfYear", "day"),
    row(161, I16, "hour_of_day", 0, "HourOfDay", "hour"),
    row(163, I16, "minute_of_hour", 0, "MinuteOfHour", "minute"),
    row(165, I16, "second_of_minute", 0, "SecondOfMinute", "sec"),
    row(167, I16, "time_basis_code", 0, "TimeBaseCode", "timbas"),
    row(169, I16, "trace_weighting_factor", 0, "TraceWeightingFactor", "trwf"),
    row(171, I16, "group_num_roll_switch", 0, "GeophoneGroupNumberRoll1", "grnors"),
    row(173, I16, "group_num_first_trace", 0, "GeophoneGroupNumberFirstTraceOrigField", "grnofr"),
    row(175, I16, "group_num_last_trace", 0, "GeophoneGroupNumberLastTraceOrigField", "grnlof"),
    row(177, I16, "gap_size", 0, "GapSize", "gaps"),
    row(179, I16, "taper_overtravel", 0, "OverTravel", "otrav"),
    row(181, I32, "cdp_x", 100, "CDP_X", ""),
    row(185, I32, "cdp_y", 100, "CDP_Y", ""),
    row(189, I32, "inline", 100, "INLINE_3D", ""),
    row(193, I32, "crossline", 100, "CROSSLINE_3D", ""),
    row(197, I32, "shot_point", 100, "ShotPoint", ""),
    row(201, I16, "shot_point_scalar", 100, "ShotPointScalar", ""),
    row(203, I16, "trace_value_unit", 100, "TraceValueMeasurementUnit", ""),
    row(205, I32, "transduction_const_mantissa", 100, "TransductionConstantMantissa", ""),
    row(209, I16, "transduction_const_exponent", 100, "TransductionConstantPower", ""),
    row(211, I16, "transduction_unit", 100, "TransductionUnit", ""),
    row(213, I16, "device_trace_id", 100, "TraceIdentifier", ""),
    row(215, I16, "times_scalar", 100, "ScalarTraceHeader", ""),
    row(217, I16, "source_type_orientation", 100, "SourceType", ""),
    row(219, I32, "source_energy_dir_mantissa", 100, "SourceEnergyDirectionMantissa", ""),
    row(223, I16, "source_energy_dir_exponent", 100, "SourceEnergyDirectionExponent", ""),
    row(225, I32, "source_measurement_mantissa", 100, "SourceMeasurementMantissa", ""),
    row(229, I16, "source_measurement_exponent", 100, "SourceMeasurementExponent", ""),
    row(231, I16, "source_measurement_unit", 100, "SourceMeasurementUnit", ""),
    row(233, Text8, "trace_header_name", 200, "", ""),
];

/// One row; short, so that the table above reads as a table.
const fn row(
    byte: u16,
    kind: FieldKind,
    name: &'static str,
    since_revision: u16,
    segyio: &'static str,
    su: &'static str,
) -> FieldSpec {
    FieldSpec {
        name,
        byte,
        kind,
        since_revision,
        segyio,
        su,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_fill_the_header_without_overlap() {
        assert_eq!(TRACE_FIELDS.len(), 90);
        let mut next_byte = 1;
        for field in TRACE_FIELDS {
            assert!(usize::from(field.byte) >= next_byte, "{}", field.name);
            next_byte = usize::from(field.byte) + field.kind.size_bytes();
        }
        assert_eq!(next_byte, TRACE_HEADER_BYTES + 1);
    }

    #[test]
    fn names_are_unique() {
        for (i, field) in TRACE_FIELDS.iter().enumerate() {
            assert!(
                TRACE_FIELDS
                    .iter()
                    .skip(i + 1)
                    .all(|f| f.name != field.name)
            );
        }
    }
}
