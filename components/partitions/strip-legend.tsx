import { Select } from "@/components/ui/select.tsx";
import { type Shade, type Shading, shadeColour, shadingLabels, shadings } from "./strip-shade.ts";

interface StripLegendProps {
  shading: Shading;
  onShading: (shading: Shading) => void;
  shade: Shade;
  marks: { gaps: boolean; overlaps: boolean; planned: boolean };
}

/** What colours and marks of the strip mean, and the choice of what is coloured. */
export function StripLegend({ shading, onShading, shade, marks }: StripLegendProps) {
  return (
    <>
      <Select
        label="Colour by"
        prefix="Colour:"
        size="sm"
        value={shading}
        onChange={onShading}
        options={shadings.map((each) => [each, shadingLabels[each]] as const)}
      />
      <div className="order-3 flex w-full flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted sm:order-none sm:w-auto">
        <Ramp legend={shade.legend} />
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="bg-hatch h-3 w-4 rounded-[2px] border border-hairline-strong" />
          {shade.unknownWords}
        </span>
        {marks.planned && (
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="h-3 w-4 rounded-[2px] border border-dashed border-control" />
            planned
          </span>
        )}
        {marks.gaps && (
          <span className="flex items-center gap-1.5 text-critical">
            <span aria-hidden className="h-3 w-1.5 bg-critical" />
            gap
          </span>
        )}
        {marks.overlaps && (
          <span className="flex items-center gap-1.5 text-warning">
            <span aria-hidden className="h-1 w-4 bg-warning" />
            overlap
          </span>
        )}
      </div>
    </>
  );
}

function Ramp({ legend }: Pick<Shade, "legend">) {
  const [first, last] = [legend[0], legend.at(-1)];
  if (!first) return null;
  return (
    <span className="flex items-center gap-1.5">
      <span>{first.words}</span>
      <span className="flex gap-px">
        {legend.map(({ level, words }) => (
          <span
            key={level}
            title={words}
            className="h-3 w-4 first:rounded-l-[2px] last:rounded-r-[2px]"
            style={{ background: shadeColour(level) }}
          />
        ))}
      </span>
      {last !== first && <span>{last?.words}</span>}
    </span>
  );
}
