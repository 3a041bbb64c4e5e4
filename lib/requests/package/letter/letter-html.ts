import type { Letter, LetterSection } from "./letter.ts";

/** A letter as one HTML page that needs nothing else: no script, no picture, no font from elsewhere. */
export function letterHtml(letter: Letter): string {
  const { language, title, sender, receiver, date, subject, greeting, intro, sections, closing } = letter;
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; }
address { font-style: normal; margin-bottom: 1rem; }
h1 { font-size: 1.25rem; } h2 { font-size: 1.05rem; margin-top: 1.75rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { border: 1px solid #bbb; padding: 0.3rem 0.5rem; text-align: left; overflow-wrap: anywhere; }
.figure { text-align: right; }
</style>
</head>
<body>
<address>${lines(sender)}</address>
<address>${lines(receiver)}</address>
<p>${escapeHtml(date)}</p>
<h1>${escapeHtml(subject)}</h1>
<p>${escapeHtml(greeting)}</p>
<p>${escapeHtml(intro)}</p>
${sections.map(section).join("\n")}
<p>${lines(closing)}</p>
</body>
</html>
`;
}

function section({ heading, paragraphs, items, table }: LetterSection): string {
  const classOf = (column: number) => (table?.figures.includes(column) ? ' class="figure"' : "");
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell, at) => `<${tag}${classOf(at)}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return [
    `<h2>${escapeHtml(heading)}</h2>`,
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...(items ? [`<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`] : []),
    ...(table
      ? [
          `<table><thead>${row(table.head, "th")}</thead>`,
          `<tbody>${table.rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`,
        ]
      : []),
  ].join("\n");
}

const lines = (texts: readonly string[]) => texts.map(escapeHtml).join("<br>");

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
