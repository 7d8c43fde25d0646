use super::Unfit;
use crate::model::{Password, PasswordHash};
use crate::password::{Hasher, Verdict, recognize};

const VECTORS: &str = include_str!("vectors.tsv");

fn password(text: &str) -> Password {
    Password::try_from(text.to_owned()).unwrap()
}

fn vectors() -> impl Iterator<Item = (&'static str, PasswordHash, &'static str)> {
    VECTORS.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let [from, hash, password] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        (from, PasswordHash(hash.to_owned()), password)
    })
}

#[test]
fn what_other_systems_made_is_recognized_and_verified_as_they_do() {
    let hasher = Hasher::new();
    for (from, hash, right) in vectors() {
        assert_eq!(recognize(&hash.0).as_ref(), Ok(&hash), "{from}");
        // Argon2id that costs what ours does, or more, stays.
        let stays = from.contains("Argon2PasswordHasher");
        let verdict = if stays { Verdict::Right } else { Verdict::RightButWeak };
        assert_eq!(hasher.verify(&password(right), &hash), verdict, "{from}");
        for wrong in [&right.to_uppercase(), &right[1..], &format!(" {right}")] {
            assert_eq!(hasher.verify(&password(wrong), &hash), Verdict::Wrong, "{from}: {wrong}");
        }
    }
    assert_eq!(vectors().count(), 25);
}

#[test]
fn bcrypt_reads_72_bytes_and_all_others_read_all() {
    for (from, hash, right) in vectors() {
        let longer = password(&format!("{right}."));
        let cut = from.contains("of the first 72 bytes");
        let expected = if cut { Verdict::RightButWeak } else { Verdict::Wrong };
        assert_eq!(Hasher::new().verify(&longer, &hash), expected, "{from}");
    }
}

/// Whatever is cut off or put in, it is refused or is another hash; it never panics.
#[test]
fn a_damaged_hash_is_refused_or_verifies_nothing() {
    for (from, hash, _) in vectors() {
        for end in (0..hash.0.len()).step_by(7) {
            let cut = &hash.0[..end];
            let is_unfit = recognize(cut).is_err();
            // A hash of fewer bytes is one, too, where the length is free.
            assert!(is_unfit || cut.len() > 30, "{from}: {cut}");
        }
        for mark in ["$", ":", "=", "é", "\0", " "] {
            let _ = recognize(&hash.0.replace(&hash.0[3..4], mark));
            let _ = recognize(&format!("{}{mark}", hash.0));
        }
    }
}

#[test]
fn what_no_system_makes_is_unknown() {
    for text in
        ["", "!", "password", "5f4dcc3b5aa765d61d8327deb882cf99", "$1$salt$hash", "{SSHA}AAAA", "$2x$05$"]
    {
        assert_eq!(recognize(text), Err(Unfit::Unknown), "{text}");
    }
    for text in ["pbkdf2:md5:1000$salt$00", "$argon2x$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA"] {
        assert!(matches!(recognize(text), Err(Unfit::Unknown | Unfit::Malformed)), "{text}");
    }
}

#[test]
fn what_asks_for_too_much_is_refused_without_trying() {
    let digest = "0".repeat(128);
    let salt_and_hash = "a".repeat(53);
    for text in [
        &format!("$2b$15${salt_and_hash}"),
        &format!("$2b$31${salt_and_hash}"),
        &format!("pbkdf2:sha256:2000001$salt${digest}"),
        &format!("scrypt:131072:8:1$salt${digest}"),
        &format!("scrypt:32768:8:5$salt${digest}"),
        &format!("scrypt:2147483648:4294967295:1$salt${digest}"),
        "$argon2id$v=19$m=102401,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$fbscrypt$v=1,n=40,r=8,p=1,ss=Bw==,sk=AAAA$AAAA$AAAA",
    ] {
        assert_eq!(recognize(text), Err(Unfit::TooCostly), "{text}");
    }
}
