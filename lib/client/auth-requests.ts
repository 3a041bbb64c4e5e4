/** What became of a request to the sign-in routes: where to go, or the code of what went wrong. */
export type AuthAnswer = { url: string } | { error: string };

/** Posts to `/api/auth/…` with the token that proves the form is ours. */
export async function postAuth(path: string, fields: Record<string, string>): Promise<AuthAnswer> {
  try {
    const csrf = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
    const response = await fetch(`/api/auth/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...fields, csrfToken: csrf.csrfToken, json: "true" }),
    });
    const { url } = (await response.json()) as { url: string };
    const error = new URL(url, window.location.href).searchParams.get("error");
    return error ? { error } : { url };
  } catch {
    return { error: "OFFLINE" };
  }
}
