//! How do computed columns get their values? Formulas over the columns of headers.parquet.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::columns::{FileTraits, base_columns, computed_type};
use super::{Mapping, PlanError};
use crate::dataset::{Formula, HeaderColumn};
use crate::segy::Revision;
use crate::segy::fields_trace::find_trace_field;

/// The formulas of a mapping's computed columns, each over the columns before it.
///
/// # Errors
/// The first expression that is not understood.
pub(super) fn formulas(mapping: &Mapping) -> Result<Vec<Formula>, PlanError> {
    if mapping.computed.is_empty() {
        return Ok(Vec::new());
    }
    // Which columns there are does not depend on the revision.
    let base = base_columns(mapping, &FileTraits::plain(Revision { major: 2, minor: 1 }));
    let schema = HeaderColumn::schema(&base.columns);
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    let mut formulas = Vec::with_capacity(mapping.computed.len());
    for column in &mapping.computed {
        let known = Schema::new(fields.clone());
        let meant = |name: &str| find_trace_field(name).map(|field| field.name.to_owned());
        let formula = Formula::parse(&column.expression, &known, &meant).map_err(|error| {
            PlanError::ComputedSyntax {
                name: column.name.clone(),
                reason: error.to_string(),
            }
        })?;
        let kind = computed_type(&formula).arrow_type();
        fields.push(Arc::new(Field::new(&column.name, kind, true)));
        formulas.push(formula);
    }
    Ok(formulas)
}

/// The batch with the computed columns filled in, each at its position.
///
/// # Errors
/// A column that is missing: a bug of ours.
pub(super) fn fill(
    batch: RecordBatch,
    computed: &[(usize, Formula)],
) -> Result<RecordBatch, ArrowError> {
    let mut batch = batch;
    for (position, formula) in computed {
        let values = formula
            .evaluate(&batch)
            .map_err(|error| ArrowError::ComputeError(error.to_string()))?;
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        if let Some(column) = columns.get_mut(*position) {
            *column = values;
        }
        batch = RecordBatch::try_new(batch.schema(), columns)?;
    }
    Ok(batch)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::import::ComputedColumn;

    fn mapping(computed: &[(&str, &str)], keys: &[&str]) -> Mapping {
        Mapping {
            computed: computed
                .iter()
                .map(|(name, expression)| ComputedColumn {
                    name: (*name).to_owned(),
                    expression: (*expression).to_owned(),
                })
                .collect(),
            ensemble_keys: keys.iter().map(|&key| key.to_owned()).collect(),
            ..Mapping::default()
        }
    }

    #[test]
    fn aliases_scaled_coordinates_and_earlier_columns_are_known() {
        let wanted = mapping(
            &[
                ("mid_x", "(source_x + group_x) / 2"),
                ("bin_x", "round(mid_x / 25)"),
                ("shot_bin", "ffid % 10"),
            ],
            &["bin_x", "shot_bin"],
        );
        let formulas = formulas(&wanted.checked().unwrap()).unwrap();
        let whole: Vec<bool> = formulas.iter().map(Formula::is_whole).collect();
        assert_eq!(whole, [false, true, true]);
        assert_eq!(formulas[2].columns(), ["orig_field_record_num"]);
    }

    #[test]
    fn what_cannot_be_computed_is_refused_with_the_reason() {
        for (wanted, part) in [
            (mapping(&[("a", "later + 1"), ("later", "1")], &[]), "later"),
            (mapping(&[("offset", "1")], &[]), "standard word"),
            (mapping(&[("a", "1"), ("a", "2")], &[]), "already"),
            (mapping(&[("a", "source_x / 2")], &["a"]), "floor"),
            (mapping(&[("source_x", "1")], &[]), "itself"),
        ] {
            let error = wanted.checked().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
