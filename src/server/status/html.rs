//! The page as HTML: self-contained, without scripts, every text from outside escaped. Times are UTC and say so: the server does
//! not know where the reader is.

use std::fmt::Write;

use super::words::Words;
use super::{Page, Said, Tongue};
use crate::base::text::clean;
use crate::domain::Timestamp;

const STYLE: &str = "body{margin:0;background:#f4f5f7;color:#1d2330;font:16px/1.5 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif}\
main{max-width:42rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:1.35rem;margin:.2rem 0;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}\
header{display:flex;justify-content:space-between;color:#5b6475;font-size:.9rem}a{color:#1f5fbf}.status{display:inline-block;padding:.15rem .7rem;border-radius:1rem;\
background:#1f5fbf;color:#fff;font-weight:600}.solved{background:#1c7c44}.late{color:#a3261b}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.8rem 0}\
dt{color:#5b6475}dd{margin:0}article{background:#fff;border:1px solid #dfe3ea;border-radius:.5rem;padding:.6rem .9rem;margin:.5rem 0}article.own{border-left:4px solid #8a93a6}\
article.desk{border-left:4px solid #1f5fbf}article p{margin:.3rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere}.by{color:#5b6475;font-size:.85rem}form,.note{background:#fff;\
border:1px solid #dfe3ea;border-radius:.5rem;padding:.9rem;margin-top:1rem}label{margin-right:1rem;white-space:nowrap}textarea{display:block;width:100%;box-sizing:border-box;margin:.6rem 0;\
font:inherit}button{font:inherit;padding:.35rem 1.2rem;border:0;border-radius:.4rem;background:#1f5fbf;color:#fff}\
@media(prefers-color-scheme:dark){body{background:#14171d;color:#e4e7ee}article,form,.note{background:#1d222b;border-color:#333b48}header,dt,.by{color:#9aa4b6}a{color:#7fb0ff}textarea{background:#14171d;color:inherit}}";

/// Text from outside: no markup, no control characters, line breaks kept.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for char in clean(line).chars() {
            match char {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                char => out.push(char),
            }
        }
    }
    out
}

fn time(at: Timestamp) -> String {
    format!("<time datetime=\"{}\">{} UTC</time>", at.format("%Y-%m-%dT%H:%MZ"), at.format("%Y-%m-%d %H:%M"))
}

fn frame(words: &Words, title: &str, switch: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex,nofollow\"><meta name=\"referrer\" content=\"no-referrer\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main>{switch}{body}</main></body></html>\n",
        words.tag
    )
}

/// The page of one ticket. Addresses are relative, so that it works under any proxy's path.
#[must_use]
pub fn page(page: &Page, tongue: Tongue) -> String {
    let words = tongue.words();
    let other = tongue.other().words().tag;
    let switch = format!(
        "<header><span>{} #{}</span><a href=\"?lang={other}\" hreflang=\"{other}\" rel=\"nofollow\">{}</a></header>",
        words.ticket, page.number, words.other
    );
    let solved = if page.rates { " solved" } else { "" };
    let mut body = format!(
        "<h1>{}</h1><p><span class=\"status{solved}\">{}</span></p><dl><dt>{}</dt><dd>{}</dd>",
        escape(&page.subject),
        tongue.status(page.status),
        words.opened,
        time(page.created_at)
    );
    // Writing to a string never fails.
    if let Some(at) = page.promised {
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", words.promised, time(at));
    }
    if let Some(at) = page.solved_at {
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", words.solved, time(at));
    }
    body.push_str("</dl>");
    if page.promised.is_some_and(|at| at < page.now) {
        let _ = write!(body, "<p class=\"late\">{}</p>", words.late);
    }
    let _ = write!(body, "<h2>{}</h2>", words.messages);
    if page.messages.is_empty() {
        let _ = write!(body, "<p class=\"by\">{}</p>", words.none);
    }
    for said in &page.messages {
        message(&mut body, said, words);
    }
    if page.rates {
        rating(&mut body, page, tongue);
    } else {
        let _ = write!(body, "<p class=\"note\">{}</p>", words.answer);
    }
    frame(words, &format!("{} #{}", words.ticket, page.number), &switch, &body)
}

fn message(body: &mut String, said: &Said, words: &Words) {
    let class = if said.own { "own" } else { "desk" };
    let author = match (said.author.is_empty(), said.own) {
        (true, _) => words.desk.to_owned(),
        (false, true) => format!("{} ({})", escape(&said.author), words.you),
        (false, false) => escape(&said.author),
    };
    let edited = if said.edited { format!(" · {}", words.edited) } else { String::new() };
    let _ = write!(
        body,
        "<article class=\"{class}\"><span class=\"by\">{author} · {}{edited}</span><p>{}</p>",
        time(said.at),
        escape(&said.text)
    );
    if !said.attachments.is_empty() {
        let names: Vec<_> = said.attachments.iter().map(|name| escape(name)).collect();
        let _ = write!(body, "<span class=\"by\">{}: {}</span>", words.attached, names.join(", "));
    }
    body.push_str("</article>");
}

fn rating(body: &mut String, page: &Page, tongue: Tongue) {
    let words = tongue.words();
    if page.thanks {
        let _ = write!(body, "<p class=\"note\">{}</p>", words.thanks);
    }
    let given = page.rating.as_ref();
    if let Some(rating) = given {
        let _ = write!(body, "<p class=\"note\">{}: {}/5</p>", words.rated, rating.score);
    }
    let _ = write!(body, "<form method=\"post\" action=\"?lang={}\"><strong>{}</strong><p>", words.tag, words.rate);
    for (score, label) in (1_u8..).zip(words.scores) {
        let checked = if given.is_some_and(|rating| rating.score == score) { " checked" } else { "" };
        let _ = write!(body, "<label><input type=\"radio\" name=\"score\" value=\"{score}\" required{checked}> {label}</label>");
    }
    let before = given.map(|rating| escape(&rating.words)).unwrap_or_default();
    let _ = write!(
        body,
        "</p><textarea name=\"words\" rows=\"3\" maxlength=\"2000\" aria-label=\"{0}\" placeholder=\"{0}\">{before}</textarea><button>{1}</button></form>",
        words.comment, words.send
    );
}

/// The same for every address that leads nowhere.
#[must_use]
pub fn missing(tongue: Tongue) -> String {
    let words = tongue.words();
    frame(words, words.missing, "", &format!("<h1>{}</h1><p>{}</p>", words.missing, words.missing_why))
}
