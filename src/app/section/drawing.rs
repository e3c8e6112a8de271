//! How is a section drawn, frame by frame? Picture, axes, header rows, badges, minimap.

use std::sync::Arc;

use egui::{Rect, Sense, Ui, Vec2, WidgetInfo};

use super::gpu::{Gpu, Scene};
use super::look::Look;
use super::painter::{self, What};
use super::{DIM_AFTER, Section, Setting, axes, minimap, pins};
use crate::view::SectionWindow;

impl Section {
    /// Draws the section into what is left of `ui`, and reads the mouse. Gives whether the picture
    /// was clicked.
    pub(crate) fn show(&mut self, ui: &mut Ui, setting: Setting<'_>) -> bool {
        let size = ui.available_size().max(Vec2::new(120.0, 80.0));
        let (mut rect, _) = ui.allocate_exact_size(size, Sense::hover());
        if self.places.ask(setting.look) {
            self.place_anew();
        }
        let Some(bounds) = self.bounds() else {
            ui.painter()
                .rect_filled(rect, 4.0, ui.visuals().extreme_bg_color);
            egui::Spinner::new()
                .paint_at(ui, Rect::from_center_size(rect.center(), Vec2::splat(24.0)));
            return false;
        };
        let strip = self.line.is_some() && rect.height() > 4.0 * minimap::HEIGHT;
        if strip {
            rect.max.y -= minimap::HEIGHT;
        }
        let shown = self.window().unwrap_or(bounds);
        let rows = self.all_rows(&setting);
        let setting = Setting {
            rows: &rows,
            ..setting
        };
        let bare = axes::Frame::new(rect, setting.rows.len(), true);
        let look = setting.look.resolved(&shown, bare.plot.width());
        let setting = Setting {
            look: &look,
            ..setting
        };
        let frame = axes::Frame::new(rect, setting.rows.len(), look.mode.has_colours());
        let plot = frame.plot;
        self.plot = Some(plot);
        let afar = if self.from_afar { ", overview" } else { "" };
        let lines = match self.separators().count() {
            0 => String::new(),
            n => format!(
                ", {} between gathers",
                crate::app::numbers::plural(n as u64, "line", "lines")
            ),
        };
        let turned = if self.places.is_reversed() {
            ", from right to left"
        } else {
            ""
        };
        let name = format!("Seismic section, {}{afar}{lines}{turned}", setting.name);
        let response = ui.interact(plot, ui.scope_id().with("section"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, &name));
        self.show_menu(&response);
        self.read_axes(ui, &frame);
        self.read_mouse(ui, &response, plot, &bounds);
        if strip {
            self.show_minimap(ui, plot, rect.bottom(), setting);
        }
        let window = self.window().unwrap_or(bounds);
        let badge = self.draw_picture(ui, plot, window, setting);
        self.from_afar = badge.is_some();
        if look.mode.has_colours() {
            self.draw_gaps(ui, plot, &window);
        }
        self.fits_on_step = look.fit_on_step;
        if look.separators {
            self.draw_separators(ui, plot, &window, setting.keys);
        } else {
            self.key_cells.clear();
        }
        self.draw_axes(ui, &frame, &window, setting);
        self.draw_over(ui, plot, window, setting.look, badge);
        response.clicked()
    }

    /// Traces shall stand elsewhere. A line only turns: the same traces stay on the screen.
    fn place_anew(&mut self) {
        if let Some(gather) = &self.gather {
            self.places.place(gather);
        }
        if self.line.is_none() {
            self.window = None;
            self.history.clear();
        } else if let (Some(window), Some(bounds)) = (self.window, self.bounds()) {
            self.window = Some(window.kept_inside(&bounds));
        }
    }

    fn show_minimap(&mut self, ui: &Ui, plot: Rect, top: f32, setting: Setting<'_>) {
        let (Some(window), Some(bounds)) = (self.window(), self.bounds()) else {
            return;
        };
        let Some(line) = &mut self.line else {
            return;
        };
        let mut rect = plot;
        rect.min.y = top + 2.0;
        rect.max.y = top + minimap::HEIGHT - 8.0;
        let clip = setting.look.dataset_clip(setting.statistics);
        let moved = self
            .minimap
            .show(ui, rect, line, (&window, &bounds), (setting.look, clip));
        if let Some(trace) = moved {
            self.centre_on(trace);
        }
    }

    fn draw_axes(
        &mut self,
        ui: &Ui,
        frame: &axes::Frame,
        window: &SectionWindow,
        setting: Setting<'_>,
    ) {
        let band = self.band_row(setting.rows, &setting);
        let band = band.filter(|_| !self.key_cells.is_empty());
        let band = band.map(|name| (name.as_str(), self.key_cells.as_slice()));
        if let Some(line) = &mut self.line {
            let axis = setting.look.axis_unit.applied(line.axis());
            let n_traces = line.n_traces();
            let width = f64::from(frame.plot.width());
            let is_near = line.traces().is_some() && window.n_traces <= 2.0 * width;
            if !is_near {
                line.labels.ask(window, width, n_traces, setting.rows);
            }
            let tops = line.traces().filter(|_| is_near).map_or_else(
                || axes::Tops::Few(&line.labels),
                |(first, gather)| axes::Tops::Gather(gather, first as f64),
            );
            axes::draw(ui, frame, &axis, &tops, window, (setting.rows, band));
        } else if let Some(gather) = &self.gather {
            let tops = match self.places.get() {
                Some(placement) => axes::Tops::Placed(gather, placement, self.places.column()),
                None => axes::Tops::Gather(gather, 0.0),
            };
            let axis = setting.look.axis_unit.applied(&gather.axis);
            axes::draw(ui, frame, &axis, &tops, window, (setting.rows, None));
        }
        if setting.look.mode.has_colours() {
            axes::colour_bar(ui, frame, setting.look, self.clip());
        }
    }

    /// Draws the picture, by whom it is to be painted; gives what one must know about it.
    fn draw_picture(
        &mut self,
        ui: &Ui,
        plot: Rect,
        window: SectionWindow,
        setting: Setting<'_>,
    ) -> Option<String> {
        if let Some(painted) = self.painter.poll() {
            self.prepared = Some(painted.prepared.clone());
            self.picture.set(ui.ctx(), painted);
        }
        let Some((mut request, badge)) = self.request_of(ui, plot, window, setting) else {
            self.picture.draw(ui, plot, window);
            return None;
        };
        self.is_new = false;
        if matches!(&request.what, What::Tiles { tiles, .. } if tiles.is_empty()) {
            // Nothing of the line is there yet: what was on the screen stays.
            if !Gpu::installed(ui.ctx()).is_some_and(|gpu| gpu.draw_again(ui, plot, &self.card)) {
                self.picture.draw(ui, plot, window);
            }
            return badge;
        }
        self.painter.remember(&request);
        if let Some(gpu) = Gpu::installed(ui.ctx()) {
            let prepared = request.prepared_at_once().or_else(|| {
                request.paint = false;
                self.painter.ask(request.clone());
                self.prepared.clone()
            });
            let scene = prepared.and_then(|prepared| Scene::of(&request, &prepared));
            if let Some(scene) = scene {
                self.picture.drawn_by_card(scene.clip);
                gpu.draw(ui, plot, scene, &self.card);
                return badge;
            }
        }
        request.paint = true;
        self.painter.ask(request);
        self.picture.draw(ui, plot, window);
        badge
    }

    /// What is to be painted, and what one must know about it.
    fn request_of(
        &mut self,
        ui: &Ui,
        plot: Rect,
        window: SectionWindow,
        setting: Setting<'_>,
    ) -> Option<(painter::Request, Option<String>)> {
        let scale = ui.ctx().pixels_per_point();
        let most = ui.ctx().input(|i| i.max_texture_side).max(64);
        let width = pixels(plot.width(), scale, most);
        let height = pixels(plot.height(), scale, most);
        self.pixels = (width, height);
        let placement = self.placement().map(Arc::clone);
        let (what, brightness, badge) = match (&mut self.line, &self.gather) {
            (Some(line), _) => {
                let scene = line.scene(&window, (width, height), setting.rows);
                (scene.what, Some(scene.brightness), scene.badge)
            }
            (None, Some(gather)) => {
                let gather = Arc::clone(gather);
                let what = What::Gather {
                    gather,
                    first_trace: 0.0,
                };
                (what, None, None)
            }
            (None, None) => return None,
        };
        let request = painter::Request {
            what,
            brightness,
            window,
            look: setting.look.clone(),
            placement,
            dataset_clip: setting.look.dataset_clip(setting.statistics),
            width,
            height,
            paint: true,
        };
        Some((request, badge))
    }

    fn draw_over(
        &self,
        ui: &Ui,
        plot: Rect,
        window: SectionWindow,
        look: &Look,
        badge: Option<String>,
    ) {
        let painter = ui.painter().with_clip_rect(plot);
        for (number, pin) in self.pins.iter().enumerate() {
            let place = self.place_of(*pin);
            if let Some(position) = place.and_then(|place| self.position_of(place)) {
                axes::trace_marker(&painter, plot, &window, position, pins::colour(number));
            }
        }
        if let Some(selection) = &self.selection {
            pins::draw_selection(&painter, plot, &window, selection);
        }
        if let Some((position, sample)) = self.ghost {
            axes::crosshair(&painter, plot, &window, position, sample);
        }
        self.drag.draw(&painter, plot);
        let from_afar = badge.is_some();
        let mut words: Vec<String> = badge.into_iter().collect();
        if from_afar && !look.mode.has_colours() {
            words.push("Curves are drawn nearer: here colour".to_owned());
        }
        if look.gain != crate::view::Gain::None {
            let afar = if from_afar { ", nearer" } else { "" };
            words.push(format!("{} · display only{afar}", look.gain.label()));
        }
        let mut look = look.clone();
        if from_afar {
            look.mode = crate::view::DisplayMode::Density;
        }
        words.extend(self.places_words());
        let width = pixels(plot.width(), ui.ctx().pixels_per_point(), usize::MAX);
        words.extend(axes::badge_words(&window, &look, width));
        if self.n_traces() == 0 {
            words.push("No traces".to_owned());
        }
        axes::badges(&painter, plot, words);
        if self.stale {
            painter.rect_filled(plot, 0.0, egui::Color32::from_black_alpha(120));
        }
        if self
            .late_since
            .is_some_and(|since| since.elapsed() >= DIM_AFTER)
        {
            painter.rect_filled(plot, 0.0, egui::Color32::from_black_alpha(96));
            let spinner = Rect::from_center_size(plot.center(), Vec2::splat(30.0));
            egui::Spinner::new()
                .color(egui::Color32::WHITE)
                .paint_at(ui, spinner);
        }
    }
}

/// Points as pixels; at least one.
pub(super) fn pixels(points: f32, scale: f32, most: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "screen sizes"
    )]
    let pixels = (points * scale).round().max(1.0) as usize;
    pixels.min(most)
}
