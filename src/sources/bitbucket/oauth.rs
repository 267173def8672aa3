//! An OAuth client: its key and secret buy a token that serves for two hours.

use crate::config::Secret;
use crate::sources::SourceError;
use crate::sources::http::Limits;
use serde::Deserialize;

/// Where bitbucket.org sells tokens.
pub const URL: &str = "https://bitbucket.org/site/oauth2/access_token";

#[derive(Deserialize)]
struct Sold {
    access_token: String,
}

pub async fn token(url: &str, key: &str, secret: &Secret) -> Result<Secret, SourceError> {
    let fix = "check the OAuth client's key and secret, and that it is private";
    let limits = Limits::default();
    let client = reqwest::Client::builder().connect_timeout(limits.connect.std()).timeout(limits.whole.std());
    let client = client.redirect(reqwest::redirect::Policy::none()).build();
    let client = client.map_err(|_| SourceError::broken("no client for OAuth", ""))?;
    let asked =
        client.post(url).basic_auth(key, Some(secret.expose())).form(&[("grant_type", "client_credentials")]);
    let answer = asked
        .send()
        .await
        .map_err(|_| SourceError::transient("no token: the OAuth server did not answer"))?;
    let status = answer.status();
    if status.is_client_error() {
        return Err(SourceError::denied(format!("the OAuth server gives no token ({status})"), fix));
    }
    if !status.is_success() {
        return Err(SourceError::transient(format!("no token: the OAuth server has trouble ({status})")));
    }
    let sold = answer.json::<Sold>().await;
    let sold = sold.map_err(|_| SourceError::broken("the OAuth server's answer is no token", fix))?;
    Ok(Secret::new(sold.access_token))
}
