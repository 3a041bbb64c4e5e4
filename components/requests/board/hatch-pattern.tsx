/** The hatch of a clock that stood, to be filled with `url(#id)`. */
export function HatchPattern({ id }: { id: string }) {
  return (
    <svg aria-hidden width={0} height={0} className="absolute">
      <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="5" height="5" fill="var(--inset)" />
        <rect width="1.5" height="5" fill="var(--unknown)" fillOpacity="0.6" />
      </pattern>
    </svg>
  );
}
