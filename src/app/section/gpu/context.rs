//! OpenGL, as far as sections need it. All `unsafe` of the window stands in this file.
//!
//! Contract: glow's functions may be called only while the context that it was made from is current
//! on this thread. A [`Context`] is made where that holds, and only there: from `egui_glow`'s painter,
//! which lends itself to paint callbacks alone and has made its context current for them, and from
//! eframe's creation context, during whose life the new window's context is current. It borrows
//! from them, so it does not outlive that moment. Names (of textures, programs…) come from the same
//! context, of which the program has one. Slices are passed with sizes that are checked against
//! their lengths here.

#![expect(
    unsafe_code,
    reason = "OpenGL has no safe interface; the contract stands above"
)]

use std::collections::HashMap;

use eframe::glow::{self, HasContext as _};

/// A texture's name.
pub(super) type Texture = glow::NativeTexture;
/// A frame buffer's name.
pub(super) type Framebuffer = glow::NativeFramebuffer;

/// The current context.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    gl: &'a glow::Context,
}

/// A compiled shader and where its inputs are.
#[derive(Debug)]
pub(super) struct Program {
    name: glow::NativeProgram,
    corners: glow::NativeVertexArray,
    inputs: HashMap<&'static str, glow::NativeUniformLocation>,
}

/// What a texture holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texels {
    /// One `f32`, as its bits: so that every NaN arrives as it is.
    Amplitudes,
    /// Four `f32`.
    Weights,
    /// Two `i32`.
    Pairs,
    /// Four `i32`.
    Fours,
    /// Four bytes.
    Colours,
}

impl Texels {
    /// Of one texel.
    pub(super) fn bytes(self) -> usize {
        self.parts().3
    }

    /// As stored, as given, number type, bytes of a texel.
    fn parts(self) -> (u32, u32, u32, usize) {
        match self {
            Self::Amplitudes => (glow::R32UI, glow::RED_INTEGER, glow::UNSIGNED_INT, 4),
            Self::Weights => (glow::RGBA32F, glow::RGBA, glow::FLOAT, 16),
            Self::Pairs => (glow::RG32I, glow::RG_INTEGER, glow::INT, 8),
            Self::Fours => (glow::RGBA32I, glow::RGBA_INTEGER, glow::INT, 16),
            Self::Colours => (glow::RGBA8, glow::RGBA, glow::UNSIGNED_BYTE, 4),
        }
    }
}

impl<'a> Context<'a> {
    /// In a paint callback.
    pub(super) fn in_callback(painter: &'a eframe::egui_glow::Painter) -> Self {
        Self { gl: painter.gl() }
    }

    /// While the window is made; `None` where it is drawn otherwise.
    pub(super) fn at_start(creation: &'a eframe::CreationContext<'_>) -> Option<Self> {
        creation.gl.as_deref().map(|gl| Self { gl })
    }

    /// Who draws, in the driver's words.
    pub(super) fn renderer(self) -> String {
        // SAFETY: the contract of this file; any context knows this name.
        unsafe { self.gl.get_parameter_string(glow::RENDERER) }
    }

    /// "3.3", or "ES 3.0"; and the line that shaders begin with, where they can be compiled at all.
    pub(super) fn version(self) -> (String, Option<&'static str>) {
        let version = self.gl.version();
        let (major, minor) = (version.major, version.minor);
        if version.is_embedded {
            let can = major >= 3;
            let header = "#version 300 es\nprecision highp float;\nprecision highp int;\n\
                          precision highp sampler2D;\nprecision highp isampler2D;\n";
            (format!("ES {major}.{minor}"), can.then_some(header))
        } else {
            let can = (major, minor) >= (3, 3);
            (format!("{major}.{minor}"), can.then_some("#version 330\n"))
        }
    }

    /// Texels on a side of a texture at most.
    pub(super) fn max_side(self) -> u32 {
        // SAFETY: the contract of this file; any context knows this name.
        let side = unsafe { self.gl.get_parameter_i32(glow::MAX_TEXTURE_SIZE) };
        u32::try_from(side).unwrap_or(0)
    }

    /// Compiles and links.
    ///
    /// # Errors
    /// The driver's words.
    pub(super) fn compile(
        self,
        vertex: &str,
        fragment: &str,
        inputs: &[&'static str],
    ) -> Result<Program, String> {
        let gl = self.gl;
        // SAFETY: the contract of this file; all names are made in this block.
        unsafe {
            let program = gl.create_program()?;
            let mut shaders = Vec::new();
            for (kind, source) in [
                (glow::VERTEX_SHADER, vertex),
                (glow::FRAGMENT_SHADER, fragment),
            ] {
                let shader = gl.create_shader(kind)?;
                gl.shader_source(shader, source);
                gl.compile_shader(shader);
                if !gl.get_shader_compile_status(shader) {
                    return Err(gl.get_shader_info_log(shader));
                }
                gl.attach_shader(program, shader);
                shaders.push(shader);
            }
            gl.link_program(program);
            for shader in shaders {
                gl.delete_shader(shader);
            }
            if !gl.get_program_link_status(program) {
                return Err(gl.get_program_info_log(program));
            }
            let inputs = inputs
                .iter()
                .filter_map(|name| Some((*name, gl.get_uniform_location(program, name)?)))
                .collect();
            Ok(Program {
                name: program,
                corners: gl.create_vertex_array()?,
                inputs,
            })
        }
    }

    /// A texture of `width × height` texels; its content is undefined.
    ///
    /// # Errors
    /// The driver's words, also where it has no memory left.
    pub(super) fn create_texture(
        self,
        texels: Texels,
        width: u32,
        height: u32,
    ) -> Result<Texture, String> {
        let (stored, given, number, _) = texels.parts();
        let gl = self.gl;
        // SAFETY: the contract of this file; no data is read.
        unsafe {
            while gl.get_error() != glow::NO_ERROR {}
            let texture = gl.create_texture()?;
            gl.bind_texture(glow::TEXTURE_2D, Some(texture));
            for (name, value) in [
                (glow::TEXTURE_MIN_FILTER, glow::NEAREST),
                (glow::TEXTURE_MAG_FILTER, glow::NEAREST),
                (glow::TEXTURE_WRAP_S, glow::CLAMP_TO_EDGE),
                (glow::TEXTURE_WRAP_T, glow::CLAMP_TO_EDGE),
            ] {
                gl.tex_parameter_i32(glow::TEXTURE_2D, name, signed(value));
            }
            let nothing = glow::PixelUnpackData::Slice(None);
            gl.tex_image_2d(
                glow::TEXTURE_2D,
                0,
                signed(stored),
                signed(width),
                signed(height),
                0,
                given,
                number,
                nothing,
            );
            let error = gl.get_error();
            if error != glow::NO_ERROR {
                gl.delete_texture(texture);
                return Err(format!(
                    "a texture of {width} × {height} was refused (error {error:#x})"
                ));
            }
            Ok(texture)
        }
    }

    /// Writes `height` rows of `width` texels from row `top` on. Does nothing where `bytes` has
    /// another length.
    pub(super) fn write(
        self,
        texture: Texture,
        texels: Texels,
        (left, top, width, height): (u32, u32, u32, u32),
        bytes: &[u8],
    ) {
        let (_, given, number, texel_bytes) = texels.parts();
        let needed = (width as usize)
            .checked_mul(height as usize)
            .and_then(|n| n.checked_mul(texel_bytes));
        if needed != Some(bytes.len()) || bytes.is_empty() {
            return;
        }
        let gl = self.gl;
        // SAFETY: the contract of this file; as many bytes are read as the slice has: checked above.
        unsafe {
            gl.bind_texture(glow::TEXTURE_2D, Some(texture));
            gl.pixel_store_i32(glow::UNPACK_ALIGNMENT, 4);
            gl.tex_sub_image_2d(
                glow::TEXTURE_2D,
                0,
                signed(left),
                signed(top),
                signed(width),
                signed(height),
                given,
                number,
                glow::PixelUnpackData::Slice(Some(bytes)),
            );
        }
    }

    pub(super) fn delete_texture(self, texture: Texture) {
        // SAFETY: the contract of this file.
        unsafe { self.gl.delete_texture(texture) };
    }

    /// Makes the program the current one, without blending.
    pub(super) fn begin(self, program: &Program) {
        let gl = self.gl;
        // SAFETY: the contract of this file. egui_glow restores what it needs behind a callback.
        unsafe {
            gl.use_program(Some(program.name));
            gl.bind_vertex_array(Some(program.corners));
            gl.disable(glow::BLEND);
        }
    }

    /// Gives the texture to the program, at its `unit`.
    pub(super) fn set_texture(self, program: &Program, name: &str, unit: u32, texture: Texture) {
        let gl = self.gl;
        // SAFETY: the contract of this file.
        unsafe {
            gl.active_texture(glow::TEXTURE0 + unit);
            gl.bind_texture(glow::TEXTURE_2D, Some(texture));
            gl.uniform_1_i32(program.inputs.get(name), signed(unit));
            gl.active_texture(glow::TEXTURE0);
        }
    }

    pub(super) fn set_number(self, program: &Program, name: &str, value: i32) {
        // SAFETY: the contract of this file; an input that is not there is ignored.
        unsafe { self.gl.uniform_1_i32(program.inputs.get(name), value) };
    }

    pub(super) fn set_pair(self, program: &Program, name: &str, [x, y]: [i32; 2]) {
        // SAFETY: as above.
        unsafe { self.gl.uniform_2_i32(program.inputs.get(name), x, y) };
    }

    pub(super) fn set_float(self, program: &Program, name: &str, value: f32) {
        // SAFETY: as above.
        unsafe { self.gl.uniform_1_f32(program.inputs.get(name), value) };
    }

    pub(super) fn set_colour(self, program: &Program, name: &str, colour: [u8; 3]) {
        let [r, g, b] = colour.map(f32::from);
        // SAFETY: as above.
        unsafe { self.gl.uniform_3_f32(program.inputs.get(name), r, g, b) };
    }

    /// Fills the target with a colour.
    pub(super) fn clear(self, colour: [u8; 3]) {
        let [r, g, b] = colour.map(|c| f32::from(c) / 255.0);
        // SAFETY: the contract of this file.
        unsafe {
            self.gl.clear_color(r, g, b, 1.0);
            self.gl.clear(glow::COLOR_BUFFER_BIT);
        }
    }

    /// Draws over the whole target, `width × height` pixels; the scissors stay as they are.
    pub(super) fn draw(self, width: u32, height: u32) {
        let gl = self.gl;
        // SAFETY: the contract of this file; the three corners come from no buffer.
        unsafe {
            gl.viewport(0, 0, signed(width), signed(height));
            gl.draw_arrays(glow::TRIANGLES, 0, 3);
        }
    }

    /// Draws by `paint` into a picture of its own, and gives its bytes: RGBA, the lowest row first.
    ///
    /// # Errors
    /// The driver's words.
    pub(super) fn picture(
        self,
        width: u32,
        height: u32,
        paint: impl FnOnce() -> Result<(), String>,
    ) -> Result<Vec<u8>, String> {
        let gl = self.gl;
        let texture = self.create_texture(Texels::Colours, width, height)?;
        let mut bytes = vec![0; width as usize * height as usize * 4];
        // SAFETY: the contract of this file; as many bytes are written as the slice has: four a pixel.
        let result = unsafe {
            let before = gl.get_parameter_framebuffer(glow::DRAW_FRAMEBUFFER_BINDING);
            let target: Framebuffer = gl.create_framebuffer()?;
            gl.bind_framebuffer(glow::FRAMEBUFFER, Some(target));
            gl.framebuffer_texture_2d(
                glow::FRAMEBUFFER,
                glow::COLOR_ATTACHMENT0,
                glow::TEXTURE_2D,
                Some(texture),
                0,
            );
            gl.disable(glow::SCISSOR_TEST);
            let result = paint();
            gl.pixel_store_i32(glow::PACK_ALIGNMENT, 4);
            gl.read_pixels(
                0,
                0,
                signed(width),
                signed(height),
                glow::RGBA,
                glow::UNSIGNED_BYTE,
                glow::PixelPackData::Slice(Some(&mut bytes)),
            );
            gl.bind_framebuffer(glow::FRAMEBUFFER, before);
            gl.delete_framebuffer(target);
            gl.enable(glow::SCISSOR_TEST);
            result
        };
        self.delete_texture(texture);
        result.map(|()| bytes)
    }
}

/// Names and sizes are small.
fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
