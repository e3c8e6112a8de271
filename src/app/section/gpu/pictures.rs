//! What lies on the graphics card: the shader, and the amplitudes that are drawn now or were lately.
//!
//! Amplitudes go up once, as they are, and stay while they are used; a change of gain, colours,
//! polarity or place changes tables of some kilobytes. Large gathers go up over several frames, and
//! the picture before stays until they are there.

use std::sync::{Arc, Weak};

use super::context::{Context, Program, Texels, Texture};
use super::shader;
use super::{Layer, LayerData};
use crate::browse::{Gather, OverviewTile, PADDING};
use crate::view::{NAN_COLOUR, PicturePlan};

/// Amplitudes that stay on the card; those that are drawn now do in any case.
const KEPT_BYTES: usize = 256 << 20;
/// Go up in one frame: some milliseconds.
const UPLOAD_BYTES: usize = 32 << 20;
/// Rows of a folded texture.
const MOST_FOLD: u32 = 13;

/// All that the shader takes.
const INPUTS: [&str; 31] = [
    "data",
    "order",
    "has_order",
    "colour_middle",
    "columns",
    "rows",
    "row_weights",
    "curves",
    "thin",
    "thin_weights",
    "lookup",
    "origin",
    "size",
    "screen_height",
    "data_fold",
    "n_samples",
    "has_colours",
    "has_curves",
    "nan_wins",
    "has_background",
    "background",
    "nan_colour",
    "colour_gain",
    "curve_gain",
    "limit",
    "half_width",
    "reach",
    "fills",
    "fills_negative",
    "zero_line",
    "ink",
];

/// See the module.
#[derive(Debug)]
pub(super) struct Pictures {
    program: Program,
    max_side: u32,
    kept: Vec<Kept>,
    clock: u64,
    /// Amplitudes sent up since the start.
    pub(super) uploaded_bytes: u64,
}

/// Whose amplitudes; without keeping them.
#[derive(Debug)]
enum Owner {
    Gather(Weak<Gather>),
    Tile(Weak<OverviewTile>),
}

#[derive(Debug)]
struct Kept {
    owner: Owner,
    texture: Texture,
    n_values: usize,
    n_uploaded: usize,
    used: u64,
}

/// Where on the screen, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) origin: [i32; 2],
    pub(super) screen: [u32; 2],
}

impl Pictures {
    /// Compiles the shader.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn new(gl: Context<'_>) -> Result<Self, String> {
        let (version, header) = gl.version();
        let header = header.ok_or_else(|| {
            format!("OpenGL {version} is too old: 3.3 (or ES 3.0) is needed for painting")
        })?;
        let program = gl
            .compile(
                &format!("{header}{}", shader::VERTEX),
                &format!(
                    "{header}#define PADDING {:#x}u\n{}",
                    PADDING.to_bits(),
                    shader::FRAGMENT
                ),
                &INPUTS,
            )
            .map_err(|words| format!("the driver refuses the shader: {}", words.trim()))?;
        Ok(Self {
            program,
            max_side: gl.max_side(),
            kept: Vec::new(),
            clock: 0,
            uploaded_bytes: 0,
        })
    }

    /// A power of two: texels of a row.
    fn fold(&self) -> u32 {
        self.max_side.max(2).ilog2().min(MOST_FOLD)
    }

    /// Whether so many amplitudes fit into a texture.
    fn fits(&self, n_values: usize) -> bool {
        let row = 1_usize << self.fold();
        n_values.div_ceil(row) <= self.max_side as usize
    }

    /// Sends up what is missing of the layers' amplitudes, as much as a frame allows. Whether all
    /// is there.
    ///
    /// # Errors
    /// A sentence, where it cannot be.
    pub(super) fn upload(&mut self, gl: Context<'_>, layers: &[Layer]) -> Result<bool, String> {
        self.clock += 1;
        self.forget_the_dead(gl);
        let mut budget = UPLOAD_BYTES;
        let mut complete = true;
        for layer in layers {
            let at = match self.find(&layer.data) {
                Some(at) => at,
                None => self.add(gl, &layer.data)?,
            };
            let fold = self.fold();
            let Some(kept) = self.kept.get_mut(at) else {
                continue;
            };
            kept.used = self.clock;
            let sent = kept.send(gl, layer.data.values(), fold, budget);
            self.uploaded_bytes += sent as u64;
            budget = budget.saturating_sub(sent);
            complete &= kept.n_uploaded == kept.n_values;
        }
        self.shrink(gl);
        Ok(complete)
    }

    fn find(&self, data: &LayerData) -> Option<usize> {
        self.kept.iter().position(|kept| kept.owner.is(data))
    }

    fn add(&mut self, gl: Context<'_>, data: &LayerData) -> Result<usize, String> {
        let n_values = data.values().len();
        if !self.fits(n_values) {
            return Err(format!(
                "{n_values} amplitudes do not fit into a texture of this graphics card"
            ));
        }
        let row = 1_u32 << self.fold();
        let height = n_values.div_ceil(row as usize).max(1);
        let height = u32::try_from(height).unwrap_or(u32::MAX);
        let texture = gl.create_texture(Texels::Amplitudes, row, height)?;
        self.kept.push(Kept {
            owner: Owner::of(data),
            texture,
            n_values,
            n_uploaded: 0,
            used: self.clock,
        });
        Ok(self.kept.len() - 1)
    }

    fn forget_the_dead(&mut self, gl: Context<'_>) {
        self.kept.retain(|kept| {
            let lives = kept.owner.lives();
            if !lives {
                gl.delete_texture(kept.texture);
            }
            lives
        });
    }

    fn shrink(&mut self, gl: Context<'_>) {
        while self.size_bytes() > KEPT_BYTES {
            let oldest = (0..self.kept.len())
                .filter(|at| self.kept.get(*at).is_some_and(|k| k.used < self.clock))
                .min_by_key(|at| self.kept.get(*at).map(|k| k.used));
            let Some(oldest) = oldest else {
                return;
            };
            gl.delete_texture(self.kept.swap_remove(oldest).texture);
        }
    }

    /// Bytes on the card.
    pub(super) fn size_bytes(&self) -> usize {
        self.kept.iter().map(|kept| kept.n_values * 4).sum()
    }

    /// Draws the layers, the lowest first. All of them have been sent up.
    ///
    /// # Errors
    /// The driver's words.
    pub(super) fn draw(
        &self,
        gl: Context<'_>,
        layers: &[Layer],
        lookup: &[[u8; 4]; 256],
        target: Target,
    ) -> Result<(), String> {
        let mut tables = Tables::default();
        let result = self.draw_with(gl, layers, lookup, target, &mut tables);
        for texture in tables.0 {
            gl.delete_texture(texture);
        }
        result
    }

    fn draw_with(
        &self,
        gl: Context<'_>,
        layers: &[Layer],
        lookup: &[[u8; 4]; 256],
        target: Target,
        tables: &mut Tables,
    ) -> Result<(), String> {
        let lookup = tables.add(gl, Texels::Colours, 256, lookup.as_flattened())?;
        let nothing = tables.add(gl, Texels::Fours, 1, &[0; 16])?;
        let no_weights = tables.add(gl, Texels::Weights, 1, &[0; 16])?;
        for layer in layers {
            let Some(kept) = self.find(&layer.data).and_then(|at| self.kept.get(at)) else {
                continue;
            };
            let plan = &layer.plan;
            let textures = Textures {
                data: kept.texture,
                lookup,
                order: if plan.order.is_empty() {
                    nothing
                } else {
                    tables.pairs(gl, &plan.order)?
                },
                columns: tables.fours(gl, &plan.columns)?,
                rows: tables.fours(gl, &plan.rows.ways)?,
                row_weights: tables.weights(gl, &plan.rows.weights)?,
                curves: match &plan.curves {
                    Some(curves) => [
                        tables.pairs(gl, &curves.curves)?,
                        tables.fours(gl, &curves.thin.ways)?,
                        tables.weights(gl, &curves.thin.weights)?,
                    ],
                    None => [nothing, nothing, no_weights],
                },
            };
            self.draw_layer(gl, plan, &textures, target);
        }
        Ok(())
    }

    fn draw_layer(&self, gl: Context<'_>, plan: &PicturePlan, t: &Textures, target: Target) {
        let program = &self.program;
        gl.begin(program);
        let [curves, thin, thin_weights] = t.curves;
        let textures = [
            ("data", t.data),
            ("columns", t.columns),
            ("rows", t.rows),
            ("row_weights", t.row_weights),
            ("curves", curves),
            ("thin", thin),
            ("thin_weights", thin_weights),
            ("order", t.order),
            ("lookup", t.lookup),
        ];
        for (unit, (name, texture)) in (0..).zip(textures) {
            gl.set_texture(program, name, unit, texture);
        }
        let number = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
        gl.set_pair(program, "origin", target.origin);
        gl.set_pair(program, "size", [number(plan.width), number(plan.height)]);
        let [screen_width, screen_height] = target.screen;
        for (name, value) in [
            ("screen_height", number(screen_height as usize)),
            ("data_fold", number(self.fold() as usize)),
            ("n_samples", number(plan.n_samples)),
            ("has_order", i32::from(!plan.order.is_empty())),
            ("has_colours", i32::from(plan.has_colours)),
            ("has_curves", i32::from(plan.curves.is_some())),
            ("nan_wins", i32::from(plan.nan_wins)),
            ("has_background", i32::from(plan.background.is_some())),
        ] {
            gl.set_number(program, name, value);
        }
        gl.set_colour(program, "background", plan.background.unwrap_or_default());
        gl.set_colour(program, "nan_colour", NAN_COLOUR);
        gl.set_float(program, "colour_gain", plan.colour_gain);
        gl.set_float(program, "colour_middle", plan.colour_middle);
        if let Some(curves) = &plan.curves {
            gl.set_float(program, "curve_gain", curves.gain);
            gl.set_float(program, "limit", curves.limit);
            gl.set_float(program, "half_width", curves.half_width);
            gl.set_number(program, "reach", number(curves.reach));
            gl.set_number(program, "fills", i32::from(curves.fills));
            gl.set_number(program, "fills_negative", i32::from(curves.fills_negative));
            gl.set_float(program, "zero_line", curves.zero_line);
            gl.set_colour(program, "ink", curves.ink);
        }
        gl.draw(screen_width, screen_height);
    }
}

impl Kept {
    /// Sends up whole rows, no more than `budget` bytes but at least one row; gives the bytes.
    fn send(&mut self, gl: Context<'_>, values: &[f32], fold: u32, budget: usize) -> usize {
        let row = 1_usize << fold;
        if self.n_uploaded >= self.n_values || budget == 0 {
            return 0;
        }
        let from = self.n_uploaded;
        let most = (budget / 4 / row).max(1) * row;
        let to = self.n_values.min(from.saturating_add(most));
        let Some(part) = values.get(from..to) else {
            return 0;
        };
        let whole = part.len() / row * row;
        let (rows, rest) = part.split_at(whole);
        let number = |value: usize| u32::try_from(value).unwrap_or(0);
        let top = number(from / row);
        let n_rows = number(whole / row);
        let place = (0, top, number(row), n_rows);
        gl.write(
            self.texture,
            Texels::Amplitudes,
            place,
            bytemuck::cast_slice(rows),
        );
        let place = (0, top + n_rows, number(rest.len()), 1);
        gl.write(
            self.texture,
            Texels::Amplitudes,
            place,
            bytemuck::cast_slice(rest),
        );
        self.n_uploaded = to;
        part.len() * 4
    }
}

impl Owner {
    fn of(data: &LayerData) -> Self {
        match data {
            LayerData::Gather(gather) => Self::Gather(Arc::downgrade(gather)),
            LayerData::Tile(tile) => Self::Tile(Arc::downgrade(tile)),
        }
    }

    /// The place in memory is not given to another while it is known here.
    fn is(&self, data: &LayerData) -> bool {
        match (self, data) {
            (Self::Gather(mine), LayerData::Gather(theirs)) => {
                std::ptr::eq(mine.as_ptr(), Arc::as_ptr(theirs))
            }
            (Self::Tile(mine), LayerData::Tile(theirs)) => {
                std::ptr::eq(mine.as_ptr(), Arc::as_ptr(theirs))
            }
            (Self::Gather(_), LayerData::Tile(_)) | (Self::Tile(_), LayerData::Gather(_)) => false,
        }
    }

    fn lives(&self) -> bool {
        match self {
            Self::Gather(mine) => mine.strong_count() > 0,
            Self::Tile(mine) => mine.strong_count() > 0,
        }
    }
}

/// Of one layer.
struct Textures {
    data: Texture,
    lookup: Texture,
    order: Texture,
    columns: Texture,
    rows: Texture,
    row_weights: Texture,
    curves: [Texture; 3],
}

/// Textures of one frame.
#[derive(Default)]
struct Tables(Vec<Texture>);

impl Tables {
    fn fours(&mut self, gl: Context<'_>, table: &[[i32; 4]]) -> Result<Texture, String> {
        self.folded(gl, Texels::Fours, table)
    }

    fn pairs(&mut self, gl: Context<'_>, table: &[[i32; 2]]) -> Result<Texture, String> {
        self.folded(gl, Texels::Pairs, table)
    }

    fn weights(&mut self, gl: Context<'_>, table: &[[f32; 4]]) -> Result<Texture, String> {
        self.folded(gl, Texels::Weights, table)
    }

    fn folded<T: bytemuck::Pod>(
        &mut self,
        gl: Context<'_>,
        texels: Texels,
        table: &[T],
    ) -> Result<Texture, String> {
        let width = 1_u32 << shader::TABLE_FOLD;
        let mut whole = table.to_vec();
        let height = table.len().div_ceil(width as usize).max(1);
        whole.resize(height * width as usize, T::zeroed());
        self.add(gl, texels, width, bytemuck::cast_slice(&whole))
    }

    fn add(
        &mut self,
        gl: Context<'_>,
        texels: Texels,
        width: u32,
        bytes: &[u8],
    ) -> Result<Texture, String> {
        let row_bytes = width as usize * texels.bytes();
        let height = u32::try_from(bytes.len() / row_bytes.max(1)).unwrap_or(0);
        let texture = gl.create_texture(texels, width, height)?;
        self.0.push(texture);
        gl.write(texture, texels, (0, 0, width, height), bytes);
        Ok(texture)
    }
}
