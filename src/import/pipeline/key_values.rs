//! Which gather key has each trace? As the import will find it, for those who ask before it runs.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;

use super::header_batch::HeaderBatches;
use super::runs::{KeySource, key_of};
use crate::dataset::{Formula, HeaderColumn};
use crate::import::columns::{ColumnSource, FileTraits, columns};
use crate::import::computed;
use crate::import::tally::Word;
use crate::import::{Mapping, PlanError};
use crate::segy::{Layout, TraceWindow};

/// The keys of a mapping, and what they are made of.
#[derive(Debug)]
pub(in crate::import) struct KeyValues<'a> {
    layout: &'a Layout,
    /// Without the raw headers, which no key is made of.
    schema: SchemaRef,
    sources: Vec<ColumnSource>,
    computed: Vec<(usize, Formula)>,
    keys: Vec<KeySource>,
}

impl<'a> KeyValues<'a> {
    /// Of a checked mapping's ensemble keys.
    ///
    /// # Errors
    /// A computed column's expression that is not understood.
    pub(in crate::import) fn of(mapping: &Mapping, layout: &'a Layout) -> Result<Self, PlanError> {
        let formulas = computed::formulas(mapping)?;
        let without_additional = FileTraits {
            n_additional: 0,
            ..FileTraits::of(layout)
        };
        let all = columns(mapping, &formulas, &without_additional);
        let mut sources = all.sources;
        sources.retain(|source| !matches!(source, ColumnSource::RawHeader));
        let schema = HeaderColumn::schema(&all.columns);
        let fields = schema.fields().iter().take(sources.len()).cloned();
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        // They stand last.
        let first = sources.len().saturating_sub(formulas.len());
        let key = |name: &String| {
            let position = mapping.computed.iter().position(|c| c.name == *name);
            position.map_or_else(
                || KeySource::Word(Word::of(mapping, name)),
                |at| KeySource::Column(first + at),
            )
        };
        Ok(Self {
            layout,
            schema,
            sources,
            keys: mapping.ensemble_keys.iter().map(key).collect(),
            computed: (first..).zip(formulas).collect(),
        })
    }

    /// Hands trace index and key of each trace of `window` to `take`.
    ///
    /// # Errors
    /// Columns that do not fit together: a bug of ours.
    pub(in crate::import) fn for_each(
        &self,
        window: &TraceWindow<'_>,
        mut take: impl FnMut(u64, &[i64]),
    ) -> Result<(), ArrowError> {
        let needs_rows = |key: &KeySource| matches!(key, KeySource::Column(_));
        let rows = if self.keys.iter().any(needs_rows) {
            let batches = HeaderBatches {
                schema: Arc::clone(&self.schema),
                sources: &self.sources,
                computed: &self.computed,
                layout: self.layout,
            };
            batches.batch(window, 0)?
        } else {
            RecordBatch::new_empty(Arc::clone(&self.schema))
        };
        let order = self.layout.byte_order.value;
        let mut key = Vec::with_capacity(self.keys.len());
        for i in 0..window.n_traces() {
            key_of(&self.keys, window, i, &rows, order, &mut key);
            take(window.trace_index(i), &key);
        }
        Ok(())
    }
}
