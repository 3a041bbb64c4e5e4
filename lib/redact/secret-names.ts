/** Longer names are none: PostgreSQL cuts its own at 63 bytes. Only their ends count, so that looking at one takes bounded time. */
const endOfName = 64;

const secretEnd =
  /(?:passw(?:or)?d|pwd|passphrase|passcode|passfile|secret|credential|token|(?:api|access|secret|private|encryption|signing)[_-]?key)s?(?:_?(?:hash|hashed|value|plain|text|old|new|digest|salt|\d{1,4}))?$/i;

/** Whether what goes by this name is hidden: `password`, `users.api_key`, `x-auth-token`, `sslpassword`, `password_hash`. */
export function isSecretName(name: string): boolean {
  return secretEnd.test(name.slice(-endOfName));
}

const opening = /["'\\}\])\s=:>,(]{1,16}$/;
const openUrl = /:\/\/[^\s/@:]{0,64}:$/;

/** Whether a text ends where a secret would begin, for what is put behind it: `'ALTER ROLE a PASSWORD '''`, `'{password}'`, `'postgres://a:'`. */
export function endsBeforeSecret(text: string): boolean {
  const end = text.slice(-2 * endOfName);
  return openUrl.test(end) || isSecretName(end.replace(opening, ""));
}

/** A word that may have to do with a secret, at the least cost: texts without any are left alone. */
export const suspicious =
  /passw|pwd|passphrase|passcode|passfile|secret|credential|token|[ _-]?key|crypt|hmac|program|bearer|authorization|:\/\/|\\|u&/i;

/** pgcrypto's: the key or the password is a plain argument, which one depends on the function. */
export const cryptography =
  /^(?:pgp_(?:sym_(?:en|de)crypt|pub_decrypt)(?:_bytea)?|crypt|hmac|(?:en|de)crypt(?:_iv)?)$/i;

/** Whether a text has a place for a secret that is given beside it: `format('… PASSWORD %L', …)`, `EXECUTE '… password = $1' USING …`. */
export function asksForSecret(text: string): boolean {
  return /%[\d$]{0,6}[sLI]|\$\d/.test(text) && suspicious.test(text);
}
