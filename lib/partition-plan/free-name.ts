/** The wanted name, else `wanted_2` and so on: the first that is not taken. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!known.has(name)) return name;
  }
}
