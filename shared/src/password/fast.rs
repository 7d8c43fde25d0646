//! Today's parameters with kernels for AVX2 and AVX-512, chosen at run time: about half the time of the portable
//! engine. On `x86_64` only: the cores of Lambda's arm64 gain nothing from theirs (docs/performance/hash.md).

use argon2_rust::params::Memory;
use argon2_rust::{Algorithm, Argon2, Error, Hasher, Params, Version};

use super::stored::{M_COST, P_COST, T_COST};

/// What the C reference makes of this password and salt with so many KiB and passes. The larger writes to every page
/// of the buffer, the smaller passes twice over its own.
const PASSWORD: &[u8] = b"a known password";
const SALT: &[u8] = b"somesaltsomesalt";
const KNOWN: [(u32, u32, [u8; 32]); 2] = [
    (
        256,
        2,
        [
            0xe2, 0x57, 0x7d, 0x58, 0xb5, 0x4c, 0x19, 0x37, 0x6c, 0x39, 0x1a, 0x74, 0x8b, 0xfa, 0x0b, 0x6c,
            0x02, 0x0c, 0x55, 0x58, 0xeb, 0x7e, 0x4b, 0x95, 0xb9, 0x65, 0x24, 0x51, 0xd0, 0xe9, 0xda, 0x42,
        ],
    ),
    (
        M_COST,
        1,
        [
            0x6b, 0x6e, 0x11, 0xea, 0x0a, 0x43, 0xf5, 0xa6, 0xe5, 0xb2, 0xa9, 0xbc, 0x6f, 0x00, 0x18, 0xbb,
            0x90, 0x22, 0xd1, 0x0d, 0xab, 0xbe, 0xcc, 0x25, 0x14, 0x28, 0x17, 0x7d, 0xdc, 0x0b, 0x08, 0x8a,
        ],
    ),
];

/// An engine for today's parameters, once it has found what it should.
#[derive(Default)]
pub(super) enum Fast {
    /// Not asked yet.
    #[default]
    Untried,
    /// Its buffer is made, and is wiped after each hash.
    Proven(Hasher),
    /// It is not used.
    Refused,
}

impl Fast {
    /// Makes the buffer and tries the engine, if that was not done. Whether it is used.
    pub fn prepare(&mut self) -> bool {
        if matches!(self, Self::Untried) {
            *self = proven().map_or(Self::Refused, Self::Proven);
            if matches!(self, Self::Refused) {
                tracing::error!(
                    event = "sys_hash_refused",
                    "the fast engine hashes wrongly: the portable one is used"
                );
            }
        }
        matches!(self, Self::Proven(_))
    }

    /// Whether it hashed. `false`: the portable engine has to.
    pub fn run(&mut self, password: &[u8], salt: &[u8], out: &mut [u8]) -> bool {
        self.prepare();
        match self {
            Self::Proven(hasher) => with(hasher, M_COST, T_COST, password, salt, out).is_ok(),
            _ => false,
        }
    }
}

/// The engine, if it finds what is known.
fn proven() -> Option<Hasher> {
    let mut hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default()).hasher();
    let right = KNOWN.iter().all(|(memory, passes, known)| {
        let mut out = [0; 32];
        with(&mut hasher, *memory, *passes, PASSWORD, SALT, &mut out).is_ok() && out == *known
    });
    right.then_some(hasher)
}

fn with(
    hasher: &mut Hasher,
    memory: u32,
    passes: u32,
    password: &[u8],
    salt: &[u8],
    out: &mut [u8],
) -> Result<(), Error> {
    let params = Params::builder().memory(Memory::kib(memory.into())).passes(passes).lanes(P_COST).build()?;
    hasher.set_argon2(Argon2::new(Algorithm::Argon2id, Version::V0x13, params));
    hasher.hash_into(password, salt, out)
}
