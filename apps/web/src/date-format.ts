/**
 * Returns what writes a date as people in Britain do.
 *
 * The rules for that are loaded with the first date: at the start they would take a twentieth of the time to the
 * open port, as would any other use of `Intl`.
 */
export function dateFormat(options: Intl.DateTimeFormatOptions): (date: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (date) => {
    format ??= new Intl.DateTimeFormat("en-GB", options);
    return format.format(date);
  };
}
