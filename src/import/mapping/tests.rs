#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

fn column(name: &str, byte: u16, kind: FieldKind) -> MappedColumn {
    MappedColumn {
        name: name.to_owned(),
        byte,
        kind,
    }
}

#[test]
fn columns_are_parsed_with_and_without_a_kind() {
    let parse = |text| Mapping::parse_column(text).unwrap();
    assert_eq!(parse("inline=5"), column("inline", 5, FieldKind::I32));
    assert_eq!(
        parse("receiver_line = 9 : i16"),
        column("receiver_line", 9, FieldKind::I16)
    );
    assert_eq!(
        parse("samples_per_trace=115"),
        column("samples_per_trace", 115, FieldKind::U16)
    );
    assert_eq!(
        parse("depth=237:ibm32"),
        column("depth", 237, FieldKind::Ibm32)
    );
}

#[test]
fn aliases_become_the_columns_own_name() {
    assert_eq!(
        Mapping::parse_column("fldr=9").unwrap().name,
        "orig_field_record_num"
    );
    assert_eq!(
        Mapping::default().column("cdp").unwrap().name,
        "ensemble_num"
    );
    let moved = Mapping {
        columns: vec![column("inline", 5, FieldKind::I32)],
        ..Mapping::default()
    };
    assert_eq!(moved.column("inline").unwrap().byte, 5);
}

#[test]
fn what_cannot_be_a_column_is_refused_with_the_reason() {
    for (text, part) in [
        ("inline", "no \"=\""),
        ("inline=x", "not a byte"),
        ("inline=5:i33", "not one of"),
        ("inline=238", "from 1 to 237"),
        ("inline=0", "from 1 to 237"),
        ("raw_header=5", "itself"),
        ("Übung=5", "begin with a letter"),
        ("a b=5", "only a to z"),
    ] {
        let error = Mapping::parse_column(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn keys_are_checked_and_near_names_suggested() {
    let with_keys = |keys: &[&str]| Mapping {
        ensemble_keys: keys.iter().map(|&key| key.to_owned()).collect(),
        ..Mapping::default()
    };
    let checked = with_keys(&["fldr", "inline"]).checked().unwrap();
    assert_eq!(checked.ensemble_keys, ["orig_field_record_num", "inline"]);
    let error = with_keys(&["inlinee"]).checked().unwrap_err().to_string();
    assert!(error.contains("did you mean inline"), "{error}");
    assert!(matches!(
        with_keys(&["fldr", "orig_field_record_num"]).checked(),
        Err(PlanError::KeyTwice { .. })
    ));
    assert!(matches!(
        with_keys(&["trace_header_name"]).checked(),
        Err(PlanError::KeyIsText { .. })
    ));
}

#[test]
fn a_mapping_survives_json_and_unknown_words_are_refused() {
    let mapping = Mapping {
        columns: vec![
            column("inline", 5, FieldKind::I32),
            column("gate", 7, FieldKind::U8),
        ],
        ensemble_keys: vec!["gate".to_owned()],
        ..Mapping::default()
    };
    let text = serde_json::to_string(&mapping).unwrap();
    assert_eq!(Mapping::from_json(&text).unwrap(), mapping);
    assert!(Mapping::from_json("{\"colums\": []}").is_err());
    assert!(matches!(
        Mapping::from_json(
            r#"{"columns":[{"name":"a","byte":1,"kind":"i8"},{"name":"a","byte":2,"kind":"i8"}]}"#
        ),
        Err(PlanError::MappedTwice { .. })
    ));
}
