import { StateIcon } from "@/components/ui/state-badge.tsx";
import { counted } from "@/lib/words.ts";
import type { CsvPreview } from "./csv-preview.ts";

const mostShown = 50;

interface CsvPreviewTableProps {
  preview: CsvPreview;
  /** What is wrong, by line. */
  errors: ReadonlyMap<number, string>;
}

/** The lines of a file before they are taken in, those with a mistake first. */
export function CsvPreviewTable({ preview: { header, rows }, errors }: CsvPreviewTableProps) {
  const wrong = rows.filter(({ line }) => errors.has(line));
  const shown = [...wrong, ...rows.filter(({ line }) => !errors.has(line))].slice(0, mostShown);
  return (
    <section
      aria-label="Lines of the file"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-md border border-hairline"
    >
      <table className="w-full text-sm">
        <caption className="sr-only">Lines of the file</caption>
        <thead className="sticky top-0 bg-raised text-left text-xs text-faint">
          <tr>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Line
            </th>
            {header.map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ line, cells }) => {
            const why = errors.get(line);
            return (
              <tr
                key={line}
                data-wrong={why ? true : undefined}
                className="border-t border-hairline align-top"
              >
                <td className="px-3 py-1.5 tabular-nums">
                  {line}
                  {why && (
                    <p className="mt-0.5 flex items-start gap-1 text-critical">
                      <StateIcon state="critical" className="mt-px size-3.5" />
                      <span className="min-w-40">{why}</span>
                    </p>
                  )}
                </td>
                {cells.map((cell, index) => (
                  <td
                    key={header[index] ?? index}
                    title={cell}
                    className="max-w-48 truncate px-3 py-1.5 whitespace-nowrap"
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <p className="border-t border-hairline px-3 py-1.5 text-xs text-muted">
          and {counted(rows.length - shown.length, "further line")}
        </p>
      )}
    </section>
  );
}
