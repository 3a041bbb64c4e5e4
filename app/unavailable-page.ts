import type { AppError } from "@/lib/errors";

const againSeconds = 5;

/**
 * The document for whoever cannot be shown a page while the console database is away: 503, and it loads itself again.
 * Stands by itself, because nothing that a page draws with may be had.
 * @param nonce of the answer's content security policy
 */
export function unavailablePage({ message, since }: AppError, nonce: string): Response {
  const began = since ? ` since ${since.toISOString().slice(0, 16).replace("T", " ")} UTC` : "";
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${againSeconds}">
<link rel="icon" href="/icon.svg">
<title>Unavailable · Audit DB</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { min-height: 100dvh; margin: 0; display: grid; place-items: center; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.4rem; }
</style>
</head>
<body>
<main role="alert">
<h1>The console's own database cannot be reached${began}</h1>
<p>${escaped(message)}</p>
<p>Until it is back nobody can sign in, and pages, history and changes are unavailable. Your audit databases are not affected. This page tries again every ${againSeconds} s.</p>
</main>
</body>
</html>
`;
  return new Response(html, {
    status: 503,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "retry-after": String(againSeconds),
    },
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
