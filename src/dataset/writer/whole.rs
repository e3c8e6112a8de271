//! How does a finished folder become a dataset? Metadata, syncs, the manifest last, one rename.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::DatasetWriter;
use crate::dataset::checksums;
use crate::dataset::folder::{self, MANIFEST_FILE};
use crate::dataset::overview::OverviewLevel;
use crate::dataset::{
    AmplitudeStatistics, DatasetError, FORMAT_VERSION, Manifest, layout, zarr_metadata,
};

impl DatasetWriter {
    /// Writes array attributes (statistics) and consolidated metadata, syncs files and folders,
    /// writes the manifest last (`format_version`, `state` and `array` are filled in here), renames,
    /// syncs the parent, and gives the manifest as written.
    ///
    /// # Errors
    /// `Incomplete` when a part was not finished; I/O. The `.partial` folder is removed then.
    pub fn finish(
        mut self,
        manifest: Manifest,
        statistics: Option<&AmplitudeStatistics>,
    ) -> Result<Manifest, DatasetError> {
        self.complete(manifest, statistics)
    }

    /// [`Self::finish`]; after an error it can still be said whether the folder is kept.
    ///
    /// # Errors
    /// As there; `Cancelled`.
    pub fn complete(
        &mut self,
        mut manifest: Manifest,
        statistics: Option<&AmplitudeStatistics>,
    ) -> Result<Manifest, DatasetError> {
        self.check_parts()?;
        let n_overview_levels = self.finished.overview_levels.load(Ordering::Acquire);
        self.write_metadata(&manifest, statistics, n_overview_levels)?;
        let stored_bytes =
            folder::sync_tree(self.partial.path(), self.written_bytes(), &self.cancel)?;

        manifest.format_version = FORMAT_VERSION;
        "complete".clone_into(&mut manifest.state);
        manifest.array = self.spec.array_facts(n_overview_levels, stored_bytes);
        manifest.checksums = checksums::of_dataset(self.partial.path(), &self.cancel)?;
        self.write_manifest(&manifest)?;
        // From here on it is whole: what an import needs to go on is not needed any more.
        folder::remove_tree(&self.journal_path())?;
        self.partial.unlock()?;
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
                    let array = zarr_metadata::overview_array(&self.spec, &level, which);
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
        // Under another name first: where there is a manifest, there is a whole one.
        let new = self.partial.path().join("manifest.json.new");
        let mut text = serde_json::to_string_pretty(manifest)
            .map_err(|source| self.failed("write the manifest", &path, source.into()))?;
        text.push('\n');
        self.write_file(&new, "write the manifest", text.as_bytes())?;
        fs::OpenOptions::new()
            .write(true)
            .open(&new)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&new, &path))
            .map_err(|source| self.failed("sync the manifest", &path, source))?;
        folder::sync_folder(self.partial.path())
    }
}
