//! `usher mail texts`.

use super::import::Temporary;
use super::{Desk, run};

const OURS: &str = "[approved]\nAcme: come in\nThe door is open.\n";

#[tokio::test(flavor = "multi_thread")]
async fn own_words_are_set_listed_shown_and_removed() {
    let desk = Desk::new().await;
    assert!(desk.usher(&["mail", "texts", "list"], "").out.contains("the built-in words"));
    let file = Temporary::new("de.txt", OURS);
    let said = desk.usher(&["mail", "texts", "set", "--locale", "de-AT", file.path()], "");
    assert!(said.ok && said.out.contains("de: 1 sections"), "{}", said.err);
    assert!(desk.usher(&["mail", "texts", "list"], "").out.starts_with("de  1 sections, set "));
    let shown = desk.usher(&["mail", "preview", "--locale", "de", "--own"], "");
    assert!(shown.out.contains("Subject: Acme: come in\n\nThe door is open."), "{}{}", shown.out, shown.err);
    assert!(shown.out.contains("Ihr Passwort wurde geändert"), "the others are built in");
    assert!(!desk.usher(&["mail", "preview", "--locale", "de"], "").out.contains("Acme"));
    assert!(desk.usher(&["mail", "texts", "remove", "--locale", "de"], "").ok);
    assert!(!desk.usher(&["mail", "preview", "--locale", "de", "--own"], "").out.contains("Acme"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_not_do_is_refused_whole_with_its_lines() {
    let desk = Desk::new().await;
    let text =
        "[approved]\nCome in, {name}\nYes.\n[reset_password]\nNew\nNo link.\n{ignore}\n[shoes]\nA\nB\n";
    let file = Temporary::new("en.txt", text);
    let said = desk.usher(&["mail", "texts", "set", "--locale", "en", file.path()], "");
    assert!(!said.ok);
    for flaw in [
        "line 2: [approved] has no variable {name}",
        "line 4: [reset_password] lacks {link}",
        "line 8: there is no section [shoes]",
    ] {
        assert!(said.err.contains(flaw), "{flaw}: {}", said.err);
    }
    let empty = Temporary::new("empty.txt", "\n\n");
    let said = desk.usher(&["mail", "texts", "set", "--locale", "en", empty.path()], "");
    assert!(!said.ok && said.err.contains("has no section"), "{}", said.err);
    assert!(desk.usher(&["mail", "texts", "list"], "").out.contains("the built-in words"), "nothing was set");
}

#[test]
fn a_file_is_shown_before_it_is_set() {
    let file = Temporary::new("fr.txt", OURS);
    let shown = run(&["mail", "preview", "--locale", "fr", "--texts", file.path()], "");
    assert!(shown.out.contains("Acme: come in") && shown.out.contains("Votre mot de passe"), "{}", shown.err);
}
