/** What a bundle is called, by the `n` signed in it: 1 is the certificate, 2 its first supplement. */
export const bundleName = (n: number) => (n === 1 ? "Certificate" : `Supplement ${n - 1}`);

/** The file that a bundle is saved as, from the page and from the command line alike. */
export const bundleFile = (request: number, n: number) =>
  `request-${request}-${bundleName(n).toLowerCase().replace(" ", "-")}.json`;
