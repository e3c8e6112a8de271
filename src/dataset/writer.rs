//! How is a dataset written whole or not at all?
//!
//! [`DatasetWriter`] owns the `.partial` folder. Its parts are handed out once each: a
//! [`ChunkWriter`] for many workers side by side (different chunks only), and one
//! [`HeaderWriter`], [`EnsembleWriter`], [`OverviewWriter`] and [`ExceptionWriter`] for the one
//! thread that sees blocks in file order. Drop or finish them before [`DatasetWriter::finish`].

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use serde_json::{Value, json};

use super::folder::{self, MANIFEST_FILE, PartialFolder};
use super::overview::OverviewLevel;
use super::{
    AmplitudeStatistics, ChunkWriter, DatasetError, DatasetSpec, EnsembleWriter, ExceptionWriter,
    GapWriter, HeaderWriter, Manifest, OverviewWriter, PartWriter, layout, zarr_metadata,
};

/// The `.partial` folder of a dataset being written. Dropped without [`Self::finish`], the folder is removed.
#[derive(Debug)]
pub struct DatasetWriter {
    spec: DatasetSpec,
    partial: PartialFolder,
    /// Bytes of all parts so far.
    written: Arc<AtomicU64>,
    finished: Finished,
}

/// What the parts say when they are finished.
#[derive(Debug, Default)]
struct Finished {
    chunks: Arc<AtomicU64>,
    header_rows: Arc<AtomicU64>,
    runs: Arc<AtomicU64>,
    overview_levels: Arc<AtomicU32>,
}

impl DatasetWriter {
    /// Makes `spec.path` + ".partial" (a stale one is removed) with its arrays' metadata.
    ///
    /// # Errors
    /// `OutputExists` when `spec.path` exists and `spec.overwrite` is not set; `OutputNotOurs` when
    /// what would be replaced is no dataset; `OutputInUse` while another import writes there;
    /// `Layout`; I/O, with the remedy.
    pub fn create(spec: DatasetSpec) -> Result<Self, DatasetError> {
        spec.check()?;
        folder::check_output(&spec.path, spec.overwrite)?;
        let partial = PartialFolder::create(&spec.path)?;
        let writer = Self {
            spec,
            partial,
            written: Arc::default(),
            finished: Finished::default(),
        };
        writer.make_folder(layout::AMPLITUDE)?;
        writer.make_folder(layout::SEGY)?;
        writer.write_axis()?;
        Ok(writer)
    }

    /// What is being written.
    pub fn spec(&self) -> &DatasetSpec {
        &self.spec
    }

    /// The folder being written.
    pub fn partial_path(&self) -> &Path {
        self.partial.path()
    }

    /// Bytes written so far by all parts.
    pub fn written_bytes(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// The writer of chunks; `Sync`, shared by reference among workers.
    ///
    /// # Errors
    /// I/O.
    pub fn chunk_writer(&self) -> Result<ChunkWriter, DatasetError> {
        Ok(ChunkWriter::new(
            self.path_of(layout::AMPLITUDE).join("c"),
            &self.spec,
            Arc::clone(&self.written),
            Arc::clone(&self.finished.chunks),
        ))
    }

    /// The writer of headers.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn header_writer(&self) -> Result<HeaderWriter, DatasetError> {
        HeaderWriter::new(
            &self.path_of(layout::HEADERS),
            &self.spec,
            Arc::clone(&self.written),
            Arc::clone(&self.finished.header_rows),
        )
    }

    /// The writer of ensembles.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn ensemble_writer(&self) -> Result<EnsembleWriter, DatasetError> {
        EnsembleWriter::new(
            &self.path_of(layout::ENSEMBLES),
            &self.spec,
            Arc::clone(&self.written),
            Arc::clone(&self.finished.runs),
        )
    }

    /// The writer of the overview levels.
    ///
    /// # Errors
    /// I/O.
    pub fn overview_writer(&self) -> Result<OverviewWriter, DatasetError> {
        OverviewWriter::new(
            &self.path_of(layout::OVERVIEW),
            &self.spec,
            Arc::clone(&self.written),
            Arc::clone(&self.finished.overview_levels),
        )
    }

    /// The writer of segy/exceptions.parquet.
    ///
    /// # Errors
    /// I/O.
    pub fn exception_writer(&self) -> Result<ExceptionWriter, DatasetError> {
        ExceptionWriter::new(&self.path_of(layout::EXCEPTIONS), Arc::clone(&self.written))
    }

    /// The writer of segy/gaps.parquet and segy/gaps.bin.
    ///
    /// # Errors
    /// I/O.
    pub fn gap_writer(&self) -> Result<GapWriter, DatasetError> {
        GapWriter::new(self.partial.path(), Arc::clone(&self.written))
    }

    /// The writer of an opaque file under segy/ that may be long.
    ///
    /// # Errors
    /// `Layout` for a name with a folder in it.
    pub fn part_writer(&self, file_name: &str) -> Result<PartWriter, DatasetError> {
        layout::check_part_name(file_name)?;
        let path = self.path_of(layout::SEGY).join(file_name);
        Ok(PartWriter::new(path, Arc::clone(&self.written)))
    }

    /// Writes one of the small opaque files under segy/.
    ///
    /// # Errors
    /// I/O; `Layout` for a name with a folder in it.
    pub fn write_segy_part(&self, file_name: &str, bytes: &[u8]) -> Result<(), DatasetError> {
        layout::check_part_name(file_name)?;
        let path = self.path_of(layout::SEGY).join(file_name);
        self.write_file(&path, "write a part of the SEG-Y file", bytes)
    }

    /// Writes array attributes (statistics) and consolidated metadata, syncs files and folders,
    /// writes the manifest last (`format_version`, `state` and `array` are filled in here), renames,
    /// syncs the parent, and gives the manifest as written.
    ///
    /// # Errors
    /// `Incomplete` when a part was not finished; I/O. The `.partial` folder is removed then.
    pub fn finish(
        mut self,
        mut manifest: Manifest,
        statistics: Option<&AmplitudeStatistics>,
    ) -> Result<Manifest, DatasetError> {
        self.check_parts()?;
        let n_overview_levels = self.finished.overview_levels.load(Ordering::Acquire);
        self.write_metadata(&manifest, statistics, n_overview_levels)?;
        self.partial.unlock()?;
        let stored_bytes = folder::sync_tree(self.partial.path(), self.written_bytes())?;

        manifest.format_version = super::FORMAT_VERSION;
        "complete".clone_into(&mut manifest.state);
        manifest.array = self.spec.array_facts(n_overview_levels, stored_bytes);
        self.write_manifest(&manifest)?;
        self.partial
            .rename_to(&self.spec.path, self.spec.overwrite)?;
        Ok(manifest)
    }

    fn check_parts(&self) -> Result<(), DatasetError> {
        let has_keys = !self.spec.ensemble_keys.is_empty() && self.spec.n_traces > 0;
        let parts = [
            (
                "chunks of samples",
                self.spec.n_chunks(),
                &self.finished.chunks,
            ),
            (
                "rows of trace headers",
                self.spec.n_traces,
                &self.finished.header_rows,
            ),
        ];
        for (what, expected, found) in parts {
            let found = found.load(Ordering::Acquire);
            if found != expected {
                return Err(DatasetError::Incomplete {
                    what,
                    expected,
                    found,
                });
            }
        }
        if has_keys && self.finished.runs.load(Ordering::Acquire) == 0 {
            return Err(DatasetError::Incomplete {
                what: "ensembles",
                expected: 1,
                found: 0,
            });
        }
        Ok(())
    }

    fn write_axis(&self) -> Result<(), DatasetError> {
        let name = self.spec.axis.domain.dimension_name();
        let path = self.path_of(layout::TRACES).join(name);
        self.make_folder(&format!("{}/{name}/c", layout::TRACES))?;
        let chunk = zarr_metadata::axis_chunk(&self.spec.axis, self.spec.n_samples);
        if self.spec.n_samples == 0 {
            return Ok(());
        }
        self.write_file(&path.join("c").join("0"), "write the vertical axis", &chunk)
    }

    /// All `zarr.json` files; the root's holds all others.
    fn write_metadata(
        &self,
        manifest: &Manifest,
        statistics: Option<&AmplitudeStatistics>,
        n_overview_levels: u32,
    ) -> Result<(), DatasetError> {
        let mut below = vec![
            (
                "amplitude".to_owned(),
                zarr_metadata::amplitude(&self.spec, statistics, manifest.segy.geometry.as_ref()),
            ),
            (
                self.spec.axis.domain.dimension_name().to_owned(),
                zarr_metadata::axis(&self.spec.axis, self.spec.n_samples),
            ),
        ];
        if n_overview_levels > 0 {
            below.push(("overview".to_owned(), zarr_metadata::group(&json!({}))));
            for level in OverviewLevel::all(self.spec.n_traces, self.spec.n_samples) {
                let name = format!("overview/{}", level.level);
                let factors = json!({
                    "trace_factor": level.trace_factor,
                    "sample_factor": level.sample_factor,
                });
                below.push((name.clone(), zarr_metadata::group(&factors)));
                for which in ["min", "max"] {
                    let array = zarr_metadata::overview(&self.spec, &level, which);
                    below.push((format!("{name}/{which}"), array));
                }
            }
        }
        let root = self.path_of(layout::TRACES);
        for (name, document) in &below {
            self.write_json(&root.join(name), document)?;
        }
        self.write_json(&root, &zarr_metadata::consolidated_root(below))
    }

    fn write_json(&self, folder: &Path, document: &Value) -> Result<(), DatasetError> {
        fs::create_dir_all(folder)
            .map_err(|source| self.failed("make a folder", folder, source))?;
        let text = format!("{document:#}\n");
        self.write_file(
            &folder.join("zarr.json"),
            "write the arrays' metadata",
            text.as_bytes(),
        )
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), DatasetError> {
        let path = self.partial.path().join(MANIFEST_FILE);
        let mut text = serde_json::to_string_pretty(manifest)
            .map_err(|source| self.failed("write the manifest", &path, source.into()))?;
        text.push('\n');
        self.write_file(&path, "write the manifest", text.as_bytes())?;
        fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|file| file.sync_all())
            .map_err(|source| self.failed("sync the manifest", &path, source))?;
        folder::sync_folder(self.partial.path())
    }

    fn make_folder(&self, below: &str) -> Result<(), DatasetError> {
        let path = self.path_of(below);
        fs::create_dir_all(&path).map_err(|source| self.failed("make a folder", &path, source))
    }

    fn write_file(
        &self,
        path: &Path,
        action: &'static str,
        bytes: &[u8],
    ) -> Result<(), DatasetError> {
        fs::write(path, bytes).map_err(|source| self.failed(action, path, source))?;
        self.written
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn failed(&self, action: &'static str, path: &Path, source: std::io::Error) -> DatasetError {
        DatasetError::io(action, path, self.written_bytes(), source)
    }

    fn path_of(&self, below: &str) -> PathBuf {
        self.partial.path().join(below)
    }
}
