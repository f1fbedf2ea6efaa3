export { clientAddress, networkKey, reporterKey, trustedProxies } from './address.ts';
export { type FieldProblem, type ReportBody, reportBody } from './body.ts';
export { type CountryOf, loadCountryOf } from './country.ts';
export { createDailyVoices, type DailyVoices } from './daily-keys.ts';
export { createReportDoor, DoorClosed, type ReportDoor, type ReportDoorOptions } from './door.ts';
export { type ReportRoutesOptions, reportRoutes } from './routes.ts';
export { createReportServer } from './server.ts';
