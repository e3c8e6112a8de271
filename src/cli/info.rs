//! `shotpoint scan` and `shotpoint info`.

use std::path::Path;

use super::args::ScanArguments;
use super::print;
use super::run::{Failure, run_task};
use crate::dataset::{Dataset, GeometryFacts, Manifest, ScalingFacts, SegyFacts};
use crate::import::{self, FieldSeen, Recalled, Scan, ScanDepth, default_mapping_folder, recall};
use crate::segy::{Layout, LayoutOverrides, Scalar};
use crate::wording;

pub(super) fn scan(given: &ScanArguments) -> Result<(), Failure> {
    let depth = if given.full {
        ScanDepth::Full
    } else {
        ScanDepth::Quick
    };
    let overrides = given.overrides.laid_over(&LayoutOverrides::default());
    let file = given.file.clone();
    let scan = run_task("scan", move |context| {
        import::scan(&file, &overrides, depth, context)
    })
    .map_err(|failure| failure.about(&given.file))?;
    if given.json {
        let mut value = scan.to_json();
        value["remembered"] = recalled(&scan).map_or(serde_json::Value::Null, |recalled| {
            serde_json::json!({
                "path": recalled.path.display().to_string(),
                "file_name": recalled.remembered.file_name,
                "similarity": recalled.similarity,
            })
        });
        print::json(&value)
    } else {
        print_scan(&scan)
    }
}

/// A mapping that was remembered for files of this make.
fn recalled(scan: &Scan) -> Option<Recalled> {
    recall(&default_mapping_folder()?, scan)
}

pub(super) fn info(path: &Path, json: bool) -> Result<(), Failure> {
    if !path.is_dir() {
        let file = path.to_owned();
        let scan = run_task("scan", move |context| {
            import::scan(
                &file,
                &LayoutOverrides::default(),
                ScanDepth::Quick,
                context,
            )
        })
        .map_err(|failure| failure.about(path))?;
        return if json {
            print::json(&scan.to_json())
        } else {
            print_scan(&scan)
        };
    }
    let dataset = Dataset::open(path).map_err(Failure::new)?;
    if json {
        let value = serde_json::to_value(dataset.manifest()).map_err(Failure::new)?;
        print::json(&value)
    } else {
        print_manifest(path, dataset.manifest())
    }
}

fn print_scan(scan: &Scan) -> Result<(), Failure> {
    let layout = &scan.layout;
    let interval = layout.sample_interval_micros.value.map_or_else(
        || "unknown: the vertical axis counts samples".to_owned(),
        |micros| format!("{} ms", micros / 1000.0),
    );
    let because = |text: String, decided_by: &str| format!("{text}  ({decided_by})");
    print::line(&format!("{}", scan.path.display()))?;
    let mut rows = vec![
        ("size", wording::bytes(layout.file_size_bytes)),
        (
            "revision",
            because(
                layout.revision.value.to_string(),
                &layout.revision.decided_by,
            ),
        ),
        (
            "byte order",
            because(
                format!("{:?}", layout.byte_order.value).to_lowercase(),
                &layout.byte_order.decided_by,
            ),
        ),
        (
            "format",
            because(
                format!(
                    "{} {}",
                    layout.format.value.code(),
                    layout.format.value.label()
                ),
                &layout.format.decided_by,
            ),
        ),
        (
            "samples",
            because(
                format!(
                    "{} a trace",
                    wording::count(u64::from(layout.n_samples.value))
                ),
                &layout.n_samples.decided_by,
            ),
        ),
        (
            "interval",
            because(interval, &layout.sample_interval_micros.decided_by),
        ),
        ("traces", wording::count(layout.n_traces)),
        (
            "text",
            because(
                format!("{:?}", layout.text_encoding.value).to_lowercase(),
                &layout.text_encoding.decided_by,
            ),
        ),
    ];
    rows.extend(scalings(layout));
    print::pairs(&rows)?;
    print_text_header(scan)?;
    print_fields(scan)?;
    print_roles(scan)?;
    print::line("")?;
    print::line("Possible gather keys, best first:")?;
    for candidate in &scan.key_candidates {
        print::line(&format!(
            "  {:24} byte {:3}  {:.2}  {}",
            candidate.name, candidate.byte, candidate.score, candidate.evidence
        ))?;
    }
    print::line(&format!(
        "Samples looked at: in {}; |amplitude| {} at the median, {} at 99 %, {} at most",
        if scan.n_traces_sampled == layout.n_traces {
            format!("all of {}", wording::things(layout.n_traces, "trace"))
        } else {
            format!(
                "{} of {}",
                wording::count(scan.n_traces_sampled),
                wording::things(layout.n_traces, "trace")
            )
        },
        wording::amplitude(f64::from(scan.abs_percentiles[0])),
        wording::amplitude(f64::from(scan.abs_percentiles[2])),
        wording::amplitude(f64::from(scan.abs_percentiles[3])),
    ))?;
    print_recalled(scan)?;
    if scan.depth == ScanDepth::Full {
        return print_findings(scan);
    }
    for warning in &scan.warnings {
        print::line(&format!("Note: {warning}"))?;
    }
    Ok(())
}

/// Where each thing lies, with the evidence.
fn print_roles(scan: &Scan) -> Result<(), Failure> {
    print::line("")?;
    print::line("Where keys and coordinates lie (the first of each is suggested):")?;
    if let Some(maker) = &scan.maker {
        print::line(&format!("  {maker}"))?;
    }
    for found in &scan.roles {
        if found.suggested.is_none() {
            continue;
        }
        let worth_saying = |score: f64| score >= 0.3;
        for (i, candidate) in found.candidates.iter().enumerate() {
            if i > 0 && (i > 2 || !worth_saying(candidate.score)) {
                continue;
            }
            let name = if i == 0 { found.name } else { "  or perhaps" };
            let about = if candidate.estimated {
                " (estimated)"
            } else {
                ""
            };
            print::line(&format!(
                "  {name:28} byte {:3} {:5}  {:.2}  {}…{}, {} distinct, {}{about}",
                candidate.byte,
                format!("{:?}", candidate.kind).to_lowercase(),
                candidate.score,
                candidate.min,
                candidate.max,
                wording::count(candidate.n_distinct),
                wording::things(candidate.n_runs, "run"),
            ))?;
            print::line(&format!("      {}", candidate.reasons.join("; ")))?;
        }
    }
    Ok(())
}

fn print_recalled(scan: &Scan) -> Result<(), Failure> {
    let Some(recalled) = recalled(scan) else {
        return Ok(());
    };
    print::line(&format!(
        "A remembered mapping fits: made for {}, {:.0} % of the textual header's lines are the same. Use it with --mapping \"{}\"",
        recalled.remembered.file_name,
        recalled.similarity * 100.0,
        recalled.path.display()
    ))
}

/// What the doctor says, the worst first.
fn print_findings(scan: &Scan) -> Result<(), Failure> {
    print::line("")?;
    if scan.findings.is_empty() {
        return print::line("The doctor looked at every trace and found nothing odd.");
    }
    print::line("The doctor looked at every trace and found (nothing was changed):")?;
    for finding in &scan.findings {
        let label = finding.severity.label();
        print::line(&format!("  {label:8} {}", finding.message))?;
        for example in &finding.examples {
            let place = wording::trace(example.trace_index);
            print::line(&format!("             {place}: {}", example.what))?;
        }
    }
    Ok(())
}

/// How words become coordinates and start times, with the evidence.
fn scalings(layout: &Layout) -> [(&'static str, String); 3] {
    let because = |text: String, decided_by: &str| format!("{text}  ({decided_by})");
    let (coordinates, time) = (&layout.coordinate_scalar, &layout.time_scalar);
    [
        (
            "coordinates",
            because(scaled_by(coordinates.value), &coordinates.decided_by),
        ),
        (
            "delay",
            because(
                delay(layout.delay_millis.value),
                &layout.delay_millis.decided_by,
            ),
        ),
        (
            "time scalar",
            because(time.value.to_string(), &time.decided_by),
        ),
    ]
}

/// "scaled by -100", "scaled by each trace's own".
fn scaled_by(scalar: Scalar) -> String {
    format!("scaled by {scalar}")
}

fn delay(millis: Option<f64>) -> String {
    millis.map_or_else(
        || "each trace's own".to_owned(),
        |millis| format!("{millis} ms in all traces"),
    )
}

fn print_text_header(scan: &Scan) -> Result<(), Failure> {
    let lines = scan.textual_header.lines();
    if lines.iter().all(|text| text.trim().is_empty()) {
        return print::line("The textual header is empty.");
    }
    print::line("")?;
    lines
        .iter()
        .filter(|text| !text.trim().is_empty())
        .try_for_each(|text| print::line(&format!("  {text}")))
}

/// The header words that say something.
fn print_fields(scan: &Scan) -> Result<(), Failure> {
    let says_something = |field: &&FieldSeen| field.min != 0 || field.max != 0;
    let rows: Vec<Vec<String>> = scan
        .fields
        .iter()
        .filter(says_something)
        .map(|field| {
            vec![
                field.name.clone(),
                field.byte.to_string(),
                field.first.to_string(),
                field.min.to_string(),
                field.max.to_string(),
                wording::count(field.n_distinct),
                wording::count(field.n_runs),
            ]
        })
        .collect();
    print::line("")?;
    print::line(&format!(
        "Header words that are not zero everywhere, in {} looked at ({}):",
        wording::things(scan.n_traces_seen, "trace"),
        match scan.depth {
            _ if scan.n_traces_seen == scan.layout.n_traces => "all there are",
            ScanDepth::Quick => "quick scan; --full looks at all",
            ScanDepth::Full => "full scan",
        }
    ))?;
    let head = ["name", "byte", "first", "min", "max", "distinct", "runs"].map(str::to_owned);
    print::table(&head, rows.iter().cloned())
}

/// "revision 1.0, big endian, format 5".
fn source_format(segy: &SegyFacts) -> String {
    let order = format!("{} endian, format {}", segy.byte_order, segy.format_code);
    if segy.container == "su" {
        return format!("none: Seismic Unix, {order}");
    }
    format!("revision {}, {order}", segy.revision)
}

/// "1 trace has", "12 traces have".
fn have(n_traces: u64) -> String {
    let verb = if n_traces == 1 { "has" } else { "have" };
    format!("{} {verb}", wording::things(n_traces, "trace"))
}

/// What is said of traces that are not all alike and side by side.
fn geometry_rows(manifest: &Manifest) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(geometry) = &manifest.segy.geometry {
        if geometry.has_padding() {
            rows.push((
                "lengths",
                format!(
                    "{}; {} padded (column {})",
                    wording::least_to_most(
                        u64::from(geometry.shortest_n_samples),
                        u64::from(geometry.longest_n_samples),
                        "sample"
                    ),
                    wording::things(geometry.n_padded_traces, "trace"),
                    GeometryFacts::LENGTH_COLUMN
                ),
            ));
        }
        if geometry.extensions_vary() {
            rows.push((
                "extensions",
                format!(
                    "up to {}; {} fewer (column {})",
                    wording::things(
                        u64::from(manifest.segy.n_additional_trace_headers),
                        "header extension"
                    ),
                    have(geometry.n_traces_with_fewer_extensions),
                    GeometryFacts::EXTENSIONS_COLUMN
                ),
            ));
        }
        if geometry.n_gaps > 0 {
            rows.push((
                "gaps",
                format!(
                    "{} between traces, {}, kept in segy/gaps.bin",
                    wording::things(geometry.n_gaps, "gap"),
                    wording::bytes(geometry.gap_bytes)
                ),
            ));
        }
    }
    if let Some(delays) = &manifest.delays {
        rows.push((
            "delays",
            format!(
                "{} to {} ms (column {})",
                wording::integer(delays.min_millis),
                wording::integer(delays.max_millis),
                delays.column
            ),
        ));
    }
    if let Some(scaling) = &manifest.segy.scaling {
        rows.extend(scaling_rows(scaling));
    }
    if manifest.segy.trailer_bytes > 0 {
        let bytes = wording::bytes(manifest.segy.trailer_bytes);
        rows.push(("trailer", format!("{bytes} behind the last trace")));
    }
    rows
}

/// What is not as in most files.
fn scaling_rows(scaling: &ScalingFacts) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(constant) = scaling.coordinate_scalar {
        rows.push(("coordinates", scaled_by(Scalar::Constant(constant))));
    }
    if scaling.delay_millis.is_some() {
        rows.push(("delay", delay(scaling.delay_millis)));
    }
    if scaling.time_scalar != Some(1) {
        let scalar = scaling
            .time_scalar
            .map_or(Scalar::OfEachTrace, Scalar::Constant);
        rows.push(("time scalar", scalar.to_string()));
    }
    rows
}

fn print_manifest(path: &Path, manifest: &Manifest) -> Result<(), Failure> {
    let (array, axis, ensembles) = (&manifest.array, &manifest.axis, &manifest.ensembles);
    print::line(&format!("{}", path.display()))?;
    let mut rows = vec![
        (
            "source",
            format!(
                "{}, {}",
                manifest.source.file_name,
                wording::bytes(manifest.source.size_bytes)
            ),
        ),
        ("SEG-Y", source_format(&manifest.segy)),
        (
            "amplitude",
            format!(
                "{} × {} {}, chunks of {}, {} a shard",
                wording::count(array.n_traces),
                wording::count(u64::from(array.n_samples)),
                array.number_type.zarr_name(),
                wording::things(u64::from(array.chunk_traces), "trace"),
                array.chunks_per_shard
            ),
        ),
        (
            "vertical",
            format!("from {} every {} {}", axis.first, axis.interval, axis.unit),
        ),
        (
            "ensembles",
            format!(
                "{} by {}, {} each",
                wording::count(ensembles.n_ensembles),
                ensembles.keys.join(", "),
                wording::least_to_most(ensembles.min_traces, ensembles.max_traces, "trace")
            ),
        ),
        ("stored", wording::bytes(array.stored_bytes)),
        (
            "imported",
            format!("{} by {}", manifest.created, manifest.program),
        ),
        ("SHA-256", manifest.source.sha256.clone()),
    ];
    rows.extend(geometry_rows(manifest));
    if let Some(statistics) = &manifest.amplitude {
        rows.push((
            "statistics",
            format!(
                "min {}, max {}, rms {}, P99 {}",
                wording::amplitude(statistics.min),
                wording::amplitude(statistics.max),
                wording::amplitude(statistics.rms),
                wording::amplitude(statistics.abs_p99)
            ),
        ));
    }
    print::pairs(&rows)?;
    for warning in &manifest.warnings {
        print::line(&format!("  Note: {}", warning.message))?;
    }
    Ok(())
}
