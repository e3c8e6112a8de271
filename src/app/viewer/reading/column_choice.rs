//! Which header column? A choice among all, the common ones first.

use egui::{ComboBox, Ui, WidgetInfo};

use crate::app::viewer::OpenView;
use crate::app::{names, numbers};

/// A choice among all columns; the common ones come first.
pub(super) fn column_choice(
    ui: &mut Ui,
    view: &OpenView,
    id: impl egui::AsIdSalt,
    now: &str,
    what: &str,
) -> Option<String> {
    let label = names::label(now);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(id)
        .selected_text(numbers::elide(&label, 18))
        .width(120.0)
        .show_ui(ui, |ui| {
            for name in ordered(view.source.number_names()) {
                if ui
                    .selectable_label(name == now, names::label(&name))
                    .clicked()
                {
                    chosen = Some(name);
                }
            }
        });
    combo.response.widget_info(|| {
        WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{what}: {label}"))
    });
    chosen
}

/// The common columns first, the others in the header's order.
pub(super) fn ordered(all: Vec<String>) -> Vec<String> {
    let common = names::COMMON.iter().filter(|c| all.iter().any(|n| n == *c));
    let mut ordered: Vec<String> = common.map(|c| (*c).to_owned()).collect();
    ordered.extend(
        all.into_iter()
            .filter(|n| !names::COMMON.contains(&n.as_str())),
    );
    ordered
}
