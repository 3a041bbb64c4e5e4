import PdfDocument from "pdfkit";
import type { Letter, LetterSection } from "./letter.ts";
import { missingSign, readLetterFonts, writable } from "./letter-fonts.ts";

const margin = 64;
const body = 10;
const [ink, quiet, rule] = ["#1a1a1a", "#555555", "#bbbbbb"];
const headingRoom = 70;

/**
 * A letter as PDF (A4), with its language, its title and its structure for screen readers. Signs that its fonts lack
 * (`missingSign`) are said to be missing at its end; the letter as HTML has them all.
 */
export async function letterPdf(letter: Letter, writtenAt: Date): Promise<Buffer> {
  const fonts = await readLetterFonts();
  const pdf = new PdfDocument({
    size: "A4",
    margin,
    lang: letter.language,
    tagged: true,
    displayTitle: true,
    bufferPages: true,
    info: { Title: letter.title, Author: letter.sender[0] ?? "", CreationDate: writtenAt },
  });
  const pieces: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on("data", (piece: Buffer) => pieces.push(piece));
    pdf.once("end", () => resolve(Buffer.concat(pieces)));
    pdf.once("error", reject);
  });
  pdf.registerFont("regular", fonts.regular).registerFont("bold", fonts.bold);
  writeLetter(pdf, letter);
  numberPages(pdf);
  pdf.end();
  return done;
}

type Tell = (tag: string, text: string, options?: PDFKit.Mixins.TextOptions) => void;

function writeLetter(pdf: PDFKit.PDFDocument, letter: Letter): void {
  const { sender, receiver, date, subject, greeting, intro, sections, closing, missing } = letter;
  let lacking = false;
  const tell: Tell = (tag, text, options = {}) => {
    const told = writable(pdf, text);
    lacking ||= told.includes(missingSign);
    keepTogether(pdf, told);
    pdf.addStructure(pdf.struct(tag, {}, () => void pdf.text(told, { lineGap: 2, ...options })));
  };
  pdf.font("regular").fontSize(9).fillColor(quiet);
  for (const line of sender) tell("P", line);
  pdf.moveDown(2).fontSize(body).fillColor(ink);
  for (const line of receiver) tell("P", line);
  pdf.moveDown(2);
  tell("P", date);
  pdf.moveDown().font("bold").fontSize(13);
  tell("H1", subject);
  pdf.moveDown().font("regular").fontSize(body);
  tell("P", greeting);
  pdf.moveDown(0.5);
  tell("P", intro);
  for (const section of sections) tellSection(pdf, tell, section);
  pdf.moveDown(1.5);
  for (const line of closing) tell("P", line);
  if (!lacking) return;
  pdf.moveDown(1.5).fontSize(9).fillColor(quiet);
  tell("P", missing);
  pdf.fillColor(ink);
}

function tellSection(pdf: PDFKit.PDFDocument, tell: Tell, section: LetterSection): void {
  const { heading, paragraphs, items = [], table } = section;
  // A heading does not stand alone at the end of a page.
  if (pdf.y > pdf.page.height - margin - headingRoom) pdf.addPage();
  pdf.moveDown(1.2).font("bold").fontSize(11);
  tell("H2", heading);
  pdf.moveDown(0.3).font("regular").fontSize(body);
  for (const text of paragraphs) {
    tell("P", text);
    pdf.moveDown(0.3);
  }
  for (const item of items) tellItem(pdf, tell, item);
  if (table) tellTable(pdf, table);
}

const indent = 12;

/** No paragraph leaves its last line alone on the next page, unless it is long. */
function keepTogether(pdf: PDFKit.PDFDocument, text: string): void {
  const height = pdf.heightOfString(text, { width: pdf.page.width - 2 * margin - indent, lineGap: 2 });
  if (height < pdf.page.height / 4 && pdf.y + height > pdf.page.height - margin) pdf.addPage();
}

/** Its further lines stand below the first. */
function tellItem(pdf: PDFKit.PDFDocument, tell: Tell, item: string): void {
  const { left } = pdf.page.margins;
  keepTogether(pdf, item);
  const { y } = pdf;
  pdf.text("\u2022", left, y, { lineBreak: false });
  pdf.text("", left + indent, y);
  tell("LI", item);
  pdf.x = left;
  pdf.moveDown(0.15);
}

function tellTable(pdf: PDFKit.PDFDocument, table: NonNullable<LetterSection["table"]>): void {
  const { head, rows, shares, figures } = table;
  const cell = (text: string, column: number) => ({
    text: writable(pdf, text),
    ...(figures.includes(column) && { align: "right" as const }),
  });
  const width = pdf.page.width - 2 * margin;
  const structure = pdf.struct("Table");
  pdf.addStructure(structure);
  pdf.fontSize(8.5);
  const border = { top: 0, left: 0, right: 0, bottom: 0.5 };
  const options = {
    // Its types do not know it yet.
    structParent: structure,
    defaultStyle: { border, borderColor: rule, padding: [3, 6, 3, 0] as [number, number, number, number] },
    columnStyles: shares.map((share) => ({ width: (width * share) / 100 })),
    data: [
      head.map((text, column) => ({ ...cell(text, column), type: "TH" as const, textColor: quiet })),
      ...rows.map((row) => row.map(cell)),
    ],
  };
  pdf.table(options);
  structure.end();
  pdf.fontSize(body);
}

/** "2 / 3" below each page of a letter of several. */
function numberPages(pdf: PDFKit.PDFDocument): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = 0; count > 1 && at < count; at++) {
    pdf.switchToPage(start + at);
    pdf.page.margins.bottom = 0;
    pdf.font("regular").fontSize(8).fillColor(quiet);
    pdf.text(`${at + 1} / ${count}`, margin, pdf.page.height - margin / 2, {
      width: pdf.page.width - 2 * margin,
      align: "right",
    });
  }
}
