import PdfDocument from "pdfkit";
import type { Letter, LetterSection } from "./compose-letter.ts";

const margin = 56;
const body = 10.5;

/**
 * A letter as PDF (A4), with its language, its title and its structure for screen readers.
 * @param compress false leaves the text readable in the file's own bytes
 */
export function letterPdf(letter: Letter, writtenAt: Date, compress = true): Promise<Buffer> {
  const pdf = new PdfDocument({
    size: "A4",
    margin,
    compress,
    lang: letter.language,
    tagged: true,
    displayTitle: true,
    info: { Title: letter.title, Author: writable(letter.sender[0] ?? ""), CreationDate: writtenAt },
  });
  const pieces: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on("data", (piece: Buffer) => pieces.push(piece));
    pdf.once("end", () => resolve(Buffer.concat(pieces)));
    pdf.once("error", reject);
  });
  const { sender, receiver, date, subject, greeting, intro, sections, closing } = letter;
  const tell = (tag: string, text: string, options: PDFKit.Mixins.TextOptions = {}) =>
    pdf.addStructure(pdf.struct(tag, {}, () => void pdf.text(writable(text), options)));
  pdf.font("Helvetica").fontSize(body);
  for (const line of sender) tell("P", line);
  pdf.moveDown();
  for (const line of receiver) tell("P", line);
  pdf.moveDown();
  tell("P", date);
  pdf.moveDown().font("Helvetica-Bold").fontSize(12.5);
  tell("H1", subject);
  pdf.moveDown().font("Helvetica").fontSize(body);
  tell("P", greeting);
  pdf.moveDown(0.5);
  tell("P", intro);
  for (const section of sections) tellSection(pdf, tell, section);
  pdf.moveDown();
  for (const line of closing) tell("P", line);
  pdf.end();
  return done;
}

function tellSection(
  pdf: PDFKit.PDFDocument,
  tell: (tag: string, text: string, options?: PDFKit.Mixins.TextOptions) => void,
  { heading, paragraphs, items = [], table }: LetterSection,
): void {
  // A heading does not stand alone at the end of a page.
  if (pdf.y > pdf.page.height - margin - 60) pdf.addPage();
  pdf.moveDown().font("Helvetica-Bold").fontSize(11.5);
  tell("H2", heading);
  pdf.moveDown(0.3).font("Helvetica").fontSize(body);
  for (const text of paragraphs) {
    tell("P", text);
    pdf.moveDown(0.3);
  }
  for (const item of items) tell("LI", `\u2022 ${item}`, { indent: 8 });
  if (!table) return;
  for (const row of table.rows) {
    const told = row.map((cell, at) => `${table.head[at]}: ${cell}`).join("; ");
    tell("LI", `\u2022 ${told}`, { indent: 8 });
  }
}

/**
 * The fonts that every reader of PDF has can write what Windows-1252 has. Other letters lose their accents, or stand as `?`;
 * the letter as HTML has them all.
 */
export function writable(text: string): string {
  return [...text]
    .map((sign) => {
      if (hasSign(sign)) return sign;
      const bare = sign.normalize("NFKD").replace(/\p{M}/gu, "");
      return [...bare].every(hasSign) && bare !== "" ? bare : "?";
    })
    .join("");
}

const windows = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
const hasSign = (sign: string) => {
  const code = sign.codePointAt(0) ?? 0;
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) || windows.includes(sign);
};
