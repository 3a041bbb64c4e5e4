import { type ResolveFnOutput, registerHooks } from "node:module";

/**
 * Imported before our modules are. For each import Node 24 asks anew what its specifier means, and reads and parses the
 * package.json around it each time: of drizzle-orm's 180 kB three hundred times, two thirds of the second and a half in
 * which a command started. What a package's name means is the same from all of our files, and a relative path says
 * itself which file it is.
 */
const packages = new Map<string, ResolveFnOutput>();

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = "" } = context;
    const ours = !parentURL.includes("/node_modules/");
    if (specifier.startsWith(".")) {
      const format =
        ours && specifier.endsWith(".ts")
          ? "module-typescript"
          : parentURL.includes("/node_modules/drizzle-orm/") && specifier.endsWith(".js")
            ? "module"
            : undefined;
      return format
        ? { url: new URL(specifier, parentURL).href, format, shortCircuit: true }
        : next(specifier, context);
    }
    if (!ours || !context.conditions.includes("import")) return next(specifier, context);
    const known = packages.get(specifier);
    if (known) return { ...known, shortCircuit: true };
    const found = next(specifier, context);
    packages.set(specifier, found);
    return found;
  },
});
