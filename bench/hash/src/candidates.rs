//! What can hash a password.

/// 32 bytes.
pub type Tag = [u8; 32];
/// Hashes a password under [`SALT`].
pub type Hash = Box<dyn FnMut(&[u8]) -> Tag>;

const M_COST: u32 = 19_456;
const T_COST: u32 = 2;
const SALT: &[u8; 16] = b"somesaltsomesalt";

/// All of them, by name; the first is what `shared` uses.
pub fn candidates() -> Vec<(&'static str, Hash)> {
    let all: Vec<(&'static str, Hash)> = vec![
        ("argon2, one buffer", rust_crypto(true)),
        ("argon2, a buffer a time", rust_crypto(false)),
        #[cfg(feature = "others")]
        ("argon2-rust, one buffer", dispatched(true)),
        #[cfg(feature = "others")]
        ("argon2-rust, a buffer a time", dispatched(false)),
        #[cfg(feature = "others")]
        ("dryoc", dryoc()),
        #[cfg(feature = "others")]
        ("rust-argon2", scalar()),
        #[cfg(feature = "sodium")]
        ("libsodium", libsodium()),
        #[cfg(feature = "reference")]
        ("the C reference", reference()),
    ];
    all
}

/// RustCrypto's.
fn rust_crypto(keeps: bool) -> Hash {
    use argon2::{Algorithm, Argon2, Block, Params, Version};
    let params = Params::new(M_COST, T_COST, 1, Some(32)).expect("good parameters");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut memory = vec![Block::new(); if keeps { M_COST as usize } else { 0 }];
    Box::new(move |password| {
        let mut tag = [0; 32];
        let done = if keeps {
            argon2.hash_password_into_with_memory(password, SALT, &mut tag, &mut memory)
        } else {
            argon2.hash_password_into(password, SALT, &mut tag)
        };
        done.expect("a hash");
        tag
    })
}

/// A port of the reference with kernels for AVX2, AVX-512 and NEON, chosen at run time.
#[cfg(feature = "others")]
fn dispatched(keeps: bool) -> Hash {
    use argon2_rust::{Algorithm, Argon2, Params, Version, params::Memory};
    let params = Params::builder().memory(Memory::kib(M_COST.into())).passes(T_COST).lanes(1).build();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.expect("good parameters"));
    let mut hasher = argon2.hasher();
    Box::new(move |password| {
        let mut tag = [0; 32];
        let done = if keeps {
            hasher.hash_into(password, SALT, &mut tag)
        } else {
            argon2.hash_into(password, SALT, &mut tag)
        };
        done.expect("a hash");
        tag
    })
}

/// libsodium's interface in Rust, with kernels chosen at run time.
#[cfg(feature = "others")]
fn dryoc() -> Hash {
    use dryoc::classic::crypto_pwhash::{PasswordHashAlgorithm, crypto_pwhash};
    Box::new(|password| {
        let mut tag = [0; 32];
        let kind = PasswordHashAlgorithm::Argon2id13;
        crypto_pwhash(&mut tag, password, SALT, u64::from(T_COST), M_COST as usize * 1024, kind).expect("a hash");
        tag
    })
}

/// In C, with kernels chosen at run time.
#[cfg(feature = "sodium")]
fn libsodium() -> Hash {
    use libsodium_rs::crypto_pwhash::argon2id::pwhash;
    libsodium_rs::ensure_init().expect("libsodium");
    Box::new(|password| {
        let tag = pwhash(32, password, SALT, u64::from(T_COST), M_COST as usize * 1024).expect("a hash");
        tag.try_into().expect("32 bytes")
    })
}

/// Without kernels.
#[cfg(feature = "others")]
fn scalar() -> Hash {
    use rust_argon2::{Config, ThreadMode, Variant, Version};
    let config = Config {
        hash_length: 32,
        lanes: 1,
        mem_cost: M_COST,
        time_cost: T_COST,
        thread_mode: ThreadMode::Sequential,
        variant: Variant::Argon2id,
        version: Version::Version13,
        ..Config::default()
    };
    Box::new(move |password| {
        rust_argon2::hash_raw(password, SALT, &config).expect("a hash").try_into().expect("32 bytes")
    })
}

/// The reference, compiled for what ARGON2_KDF_C_COMPILER_FLAGS says.
#[cfg(feature = "reference")]
fn reference() -> Hash {
    use argon2_kdf::{Algorithm, Hasher};
    Box::new(|password| {
        let hasher = Hasher::new().algorithm(Algorithm::Argon2id).custom_salt(SALT).hash_length(32);
        let hasher = hasher.iterations(T_COST).memory_cost_kib(M_COST).threads(1);
        let hash = hasher.hash(password).expect("a hash");
        hash.as_bytes().try_into().expect("32 bytes")
    })
}
