//! The pages' HTML. It has every word that its script may show, so that the script
//! speaks no language.

use shared::model::Locale;

use super::page::Page;
use super::texts::text;

/// What a page asks for besides the press of its button.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Nothing,
    /// The password chosen when registering, and another username if that is taken.
    Password,
    /// A new password, under this name in the body.
    NewPassword(&'static str),
}

/// A page: the prefix of its texts, the route that its button posts to, the name of
/// the token in the fragment.
struct Plan {
    texts: &'static str,
    posts_to: &'static str,
    token: &'static str,
    asks: Asks,
}

fn plan(page: Page) -> Plan {
    let plan = |texts, posts_to, asks| Plan { texts, posts_to, token: "token", asks };
    match page {
        Page::ConfirmRegistration => plan("confirm_registration", "../confirm-registration", Asks::Password),
        Page::VerifyEmail => plan("verify_email", "../verify-email", Asks::Nothing),
        Page::ResetPassword => plan("reset_password", "../reset-password", Asks::NewPassword("new_password")),
        Page::ConfirmEmail => plan("confirm_email", "../verify-email", Asks::Nothing),
        Page::AcceptInvite => plan("accept_invite", "../accept-invite", Asks::NewPassword("password")),
        Page::NotMe => Plan { token: "revoke", ..plan("not_me", "../revoke", Asks::Nothing) },
    }
}

/// What the script may have to say on any page.
const ALWAYS: [&str; 5] = ["no_token", "working", "invalid_token", "too_many_requests", "other"];
const OF_REGISTERING: [&str; 6] = [
    "pending",
    "password_missing",
    "wrong_password",
    "username_taken",
    "invalid_username",
    "registration_closed",
];
const OF_A_NEW_PASSWORD: [&str; 6] = [
    "password_missing",
    "password_too_short",
    "password_too_common",
    "password_too_predictable",
    "password_too_similar",
    "password_breached",
];

/// The page, in a language, where new passwords have so many characters at least.
pub(super) fn html(page: Page, locale: Locale, min_length: usize) -> String {
    let plan = plan(page);
    let say = |name: &str| escape(&text(locale, name, min_length));
    let own = |part: &str| say(&format!("{}_{part}", plan.texts));
    let mut texts: Vec<(&str, String)> = vec![("done", own("done")), ("void", own("void"))];
    let more: &[&str] = match plan.asks {
        Asks::Nothing => &[],
        Asks::Password => &OF_REGISTERING,
        Asks::NewPassword(_) => &OF_A_NEW_PASSWORD,
    };
    texts.extend(ALWAYS.iter().chain(more).map(|name| (*name, say(name))));
    let texts: Vec<String> =
        texts.iter().map(|(name, text)| format!("<p data-text=\"{name}\">{text}</p>\n")).collect();
    let texts = texts.concat();
    format!(
        "<!doctype html>\n\
         <html lang=\"{tag}\" dir=\"{direction}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"assets/pages.css\">\n\
         <script src=\"assets/pages.js\" defer></script>\n\
         </head>\n\
         <body>\n\
         <main>\n\
         <h1>{title}</h1>\n\
         <noscript><p>{no_script}</p></noscript>\n\
         <form hidden novalidate method=\"post\" data-post=\"{posts_to}\" data-sign-out=\"../logout\" \
         data-token=\"{token}\">\n\
         <p>{intro}</p>\n\
         {fields}\
         <button type=\"submit\">{button}</button>\n\
         </form>\n\
         <div id=\"says\" role=\"status\" aria-live=\"polite\" tabindex=\"-1\"></div>\n\
         </main>\n\
         <div id=\"texts\" hidden>\n{texts}</div>\n\
         </body>\n\
         </html>\n",
        tag = locale.tag(),
        direction = if locale == Locale::Ar { "rtl" } else { "ltr" },
        title = own("title"),
        no_script = say("no_script"),
        posts_to = plan.posts_to,
        token = plan.token,
        intro = own("intro"),
        fields = fields(plan.asks, min_length, &say),
        button = own("button"),
    )
}

fn fields(asks: Asks, min_length: usize, say: &impl Fn(&str) -> String) -> String {
    let (name, label, autocomplete, least, hint) = match asks {
        Asks::Nothing => return String::new(),
        Asks::Password => ("password", say("password"), "current-password", 1, None),
        Asks::NewPassword(name) => {
            (name, say("new_password"), "new-password", min_length, Some(say("min_length")))
        }
    };
    let described = if hint.is_some() { "hint says" } else { "says" };
    let hint = hint.map_or_else(String::new, |hint| format!("<p class=\"hint\" id=\"hint\">{hint}</p>\n"));
    let username = if asks == Asks::Password {
        format!(
            "<div class=\"field\" hidden>\n<label for=\"username\">{}</label>\n\
             <input id=\"username\" name=\"username\" autocomplete=\"username\" autocapitalize=\"none\" \
             spellcheck=\"false\" maxlength=\"30\" dir=\"ltr\" aria-describedby=\"says\">\n</div>\n",
            say("username")
        )
    } else {
        String::new()
    };
    format!(
        "<div class=\"field\">\n<label for=\"password\">{label}</label>\n{hint}\
         <input id=\"password\" name=\"{name}\" type=\"password\" autocomplete=\"{autocomplete}\" required \
         maxlength=\"1024\" data-least=\"{least}\" dir=\"auto\" aria-describedby=\"{described}\">\n\
         <button type=\"button\" class=\"show\" aria-pressed=\"false\" aria-controls=\"password\">{show}</button>\n\
         </div>\n{username}",
        show = say("show"),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
