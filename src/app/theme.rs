//! How does the window look? Fonts, spacing, and two palettes.
//!
//! Text is set in Ubuntu Light with Hack behind it, so that arrows and mathematical signs exist;
//! numbers that move are set in Hack, whose digits are all of one width.

use std::sync::Arc;

use egui::{
    Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, Style,
    TextStyle, Theme, Vec2, Visuals,
};

/// Colours beyond those of egui's own style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    pub(crate) accent: Color32,
    pub(crate) on_accent: Color32,
    pub(crate) card: Color32,
    pub(crate) line: Color32,
    pub(crate) text: Color32,
    pub(crate) weak: Color32,
    pub(crate) good: Color32,
    pub(crate) warning: Color32,
    pub(crate) error: Color32,
}

const DARK: Palette = Palette {
    accent: Color32::from_rgb(45, 156, 158),
    on_accent: Color32::from_rgb(6, 20, 22),
    card: Color32::from_rgb(32, 38, 46),
    line: Color32::from_rgb(55, 64, 76),
    text: Color32::from_rgb(222, 228, 235),
    weak: Color32::from_rgb(154, 165, 178),
    good: Color32::from_rgb(98, 190, 120),
    warning: Color32::from_rgb(232, 178, 72),
    error: Color32::from_rgb(240, 113, 103),
};

const LIGHT: Palette = Palette {
    accent: Color32::from_rgb(11, 117, 122),
    on_accent: Color32::WHITE,
    card: Color32::WHITE,
    line: Color32::from_rgb(205, 212, 220),
    text: Color32::from_rgb(26, 34, 44),
    weak: Color32::from_rgb(88, 99, 112),
    good: Color32::from_rgb(32, 128, 62),
    warning: Color32::from_rgb(158, 102, 0),
    error: Color32::from_rgb(192, 40, 34),
};

/// The palette of what is on the screen now.
pub(crate) fn palette(ui: &egui::Ui) -> &'static Palette {
    of(ui.visuals().dark_mode)
}

/// The palette of the dark or the light theme.
pub(crate) fn of(dark: bool) -> &'static Palette {
    if dark { &DARK } else { &LIGHT }
}

/// Adds a font of the system behind ours, for letters that they lack.
pub(crate) fn add_font(ctx: &egui::Context, bytes: Vec<u8>) {
    let mut fonts = fonts();
    let name = "of the system".to_owned();
    fonts
        .font_data
        .insert(name.clone(), Arc::new(FontData::from_owned(bytes)));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.entry(family).or_default().push(name.clone());
    }
    ctx.set_fonts(fonts);
}

/// Installs fonts and both styles.
pub(crate) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Dark, Theme::Light] {
        let mut style = (*ctx.style_of(theme)).clone();
        shape(&mut style, theme);
        ctx.set_style_of(theme, style);
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    // egui keeps Hack to the monospace family; behind Ubuntu Light it lends arrows and signs.
    fonts
        .font_data
        .entry("Hack".to_owned())
        .or_insert_with(|| Arc::new(FontData::from_static(epaint_default_fonts::HACK_REGULAR)));
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    if !proportional.iter().any(|name| name == "Hack") {
        proportional.push("Hack".to_owned());
    }
    let monospace = fonts.families.entry(FontFamily::Monospace).or_default();
    if !monospace.iter().any(|name| name == "Hack") {
        monospace.insert(0, "Hack".to_owned());
    }
    fonts
}

fn shape(style: &mut Style, theme: Theme) {
    let text = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Heading, text(21.0)),
        (TextStyle::Body, text(14.5)),
        (TextStyle::Button, text(14.5)),
        (TextStyle::Small, text(12.5)),
        (
            TextStyle::Monospace,
            FontId::new(12.5, FontFamily::Monospace),
        ),
    ]
    .into();
    style.spacing.item_spacing = Vec2::new(8.0, 6.0);
    style.spacing.button_padding = Vec2::new(10.0, 4.0);
    style.spacing.interact_size.y = 26.0;
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.combo_height = 320.0;
    style.spacing.tooltip_width = 380.0;
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = false;
    style.animation_time = 0.08;
    style.visuals = visuals(theme);
}

fn visuals(theme: Theme) -> Visuals {
    let dark = theme == Theme::Dark;
    let p = of(dark);
    let mut v = if dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let (window, panel, field, idle, hover, press) = if dark {
        (
            Color32::from_rgb(27, 32, 39),
            Color32::from_rgb(23, 27, 33),
            Color32::from_rgb(16, 19, 24),
            Color32::from_rgb(43, 51, 61),
            Color32::from_rgb(54, 64, 76),
            Color32::from_rgb(64, 76, 90),
        )
    } else {
        (
            Color32::WHITE,
            Color32::from_rgb(244, 246, 248),
            Color32::WHITE,
            Color32::from_rgb(229, 233, 238),
            Color32::from_rgb(217, 223, 230),
            Color32::from_rgb(203, 211, 220),
        )
    };
    v.panel_fill = panel;
    v.window_fill = window;
    v.window_stroke = Stroke::new(1.0, p.line);
    v.extreme_bg_color = field;
    v.text_edit_bg_color = Some(field);
    v.faint_bg_color = if dark {
        Color32::from_rgb(28, 33, 41)
    } else {
        Color32::from_rgb(237, 240, 244)
    };
    v.code_bg_color = v.faint_bg_color;
    v.override_text_color = None;
    v.weak_text_color = Some(p.weak);
    v.hyperlink_color = p.accent;
    v.warn_fg_color = p.warning;
    v.error_fg_color = p.error;
    v.selection.bg_fill = if dark {
        Color32::from_rgb(26, 88, 92)
    } else {
        Color32::from_rgb(190, 228, 229)
    };
    v.selection.stroke = Stroke::new(
        1.0,
        if dark {
            Color32::from_rgb(220, 244, 244)
        } else {
            Color32::from_rgb(4, 60, 64)
        },
    );
    v.window_corner_radius = CornerRadius::same(10);
    v.menu_corner_radius = CornerRadius::same(8);
    v.indent_has_left_vline = false;
    // A blinking caret draws the window anew twice a second, all day: an idle window uses no
    // processor.
    v.text_cursor.blink = false;
    let radius = CornerRadius::same(6);
    let line = Stroke::new(1.0, p.line);
    for (widget, fill, ink) in [
        (&mut v.widgets.noninteractive, panel, p.text),
        (&mut v.widgets.inactive, idle, p.text),
        (&mut v.widgets.hovered, hover, p.text),
        (&mut v.widgets.active, press, p.text),
        (&mut v.widgets.open, hover, p.text),
    ] {
        widget.corner_radius = radius;
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.fg_stroke = Stroke::new(1.0, ink);
        widget.expansion = 0.0;
    }
    v.widgets.noninteractive.bg_stroke = line;
    v.widgets.inactive.bg_stroke = if dark {
        Stroke::NONE
    } else {
        Stroke::new(1.0, p.line)
    };
    v.widgets.hovered.bg_stroke = Stroke::new(1.0, p.accent);
    v.widgets.active.bg_stroke = Stroke::new(1.0, p.accent);
    v.widgets.open.bg_stroke = line;
    v
}
