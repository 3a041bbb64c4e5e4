import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** What stands in place of a sign that the fonts lack, in every reader the same. */
export const missingSign = "\u{fffd}";

/** Regular and bold of Noto Sans (OFL 1.1): Latin with all its accents, Greek, Cyrillic, Vietnamese, Devanagari. */
export function readLetterFonts(): Promise<{ regular: Buffer; bold: Buffer }> {
  const folder = fontFolder();
  const read = (style: string) => readFile(path.join(folder, style, `NotoSans_${style}.ttf`));
  return Promise.all([read("400Regular"), read("700Bold")]).then(([regular, bold]) => ({ regular, bold }));
}

/** Bundlers move this module, never the fonts: fall back to the folder the process was started in. */
function fontFolder(): string {
  const fonts = "node_modules/@expo-google-fonts/noto-sans";
  const beside = path.join(import.meta.dirname ?? ".", "../../../..", fonts);
  return existsSync(beside) ? beside : path.resolve(fonts);
}

/** The font that a document is being written with, as far as pdfkit shows it. */
interface WithFont {
  _font: { font: { hasGlyphForCodePoint(code: number): boolean } };
}

/** A text in the signs that the document's present font has: another stands as `missingSign`. */
export function writable(pdf: PDFKit.PDFDocument, text: string): string {
  const { font } = (pdf as unknown as WithFont)._font;
  return [...text.normalize("NFC")]
    .map((sign) =>
      sign === "\n" || font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0) ? sign : missingSign,
    )
    .join("");
}
