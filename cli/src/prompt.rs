//! Asking at the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use shared::model::Password;

use crate::failure::Failure;

/// Asks for a line; an empty one is nothing.
pub(crate) fn line(question: &str) -> Result<Option<String>, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("standard input is no terminal: give --email and --password-stdin"));
    }
    eprint!("{question}: ");
    io::stderr().flush()?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        return Err(Failure::new("nothing was entered"));
    }
    let answer = answer.trim();
    Ok((!answer.is_empty()).then(|| answer.to_owned()))
}

/// Asks whether to go on; anything but `yes` is a no.
pub(crate) fn confirm(question: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("standard input is no terminal: give --yes"));
    }
    eprint!("{question} (yes or no): ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if answer.trim() == "yes" { Ok(()) } else { Err(Failure::new("nothing was done")) }
}

/// Asks for a password, without echo and twice.
pub(crate) fn password() -> Result<Password, Failure> {
    let first = rpassword::prompt_password("Password (not shown): ")?;
    let second = rpassword::prompt_password("The same again: ")?;
    if first != second {
        return Err(Failure::new("the two passwords differ"));
    }
    Password::try_from(first).map_err(|invalid| Failure::new(format!("the password {}", invalid.message)))
}

/// Reads a password from the first line of standard input.
pub(crate) fn password_from_stdin() -> Result<Password, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let line = line.trim_end_matches(['\n', '\r']).to_owned();
    Password::try_from(line).map_err(|invalid| Failure::new(format!("the password {}", invalid.message)))
}
