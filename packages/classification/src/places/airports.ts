import type { Place } from '@outcry/contracts';
import type { Scan } from '../scan.ts';
import { flag, tokenKind } from '../scan.ts';
import { wordSet } from './word-set.ts';

/** Evidence that letters in capitals are airports. */
const flying = wordSet(
  'flight flights airport flying fly gate boarding plane layover terminal landed vuelo voo vol flug luggage baggage',
);
const airports = new Map(
  'JFK=US LGA=US EWR=US LAX=US ORD=US ATL=US DFW=US DEN=US SFO=US SEA=US MIA=US BOS=US DTW=US MSP=US PHL=US IAH=US LAS=US MCO=US CLT=US PHX=US SLC=US BWI=US DCA=US IAD=US SAN=US TPA=US AUS=US PDX=US STL=US MEX=MX CUN=MX GDL=MX MTY=MX YYZ=CA YVR=CA YUL=CA LHR=GB LGW=GB MAN=GB STN=GB EDI=GB DUB=IE CDG=FR ORY=FR AMS=NL FRA=DE MUC=DE BER=DE HAM=DE ZRH=CH GVA=CH VIE=AT MAD=ES BCN=ES LIS=PT FCO=IT MXP=IT ARN=SE CPH=DK OSL=NO HEL=FI IST=TR DXB=AE AUH=AE DOH=QA SIN=SG BKK=TH KUL=MY CGK=ID HKG=HK HND=JP NRT=JP KIX=JP ICN=KR PEK=CN PVG=CN TPE=TW DEL=IN BOM=IN BLR=IN SYD=AU MEL=AU BNE=AU AKL=NZ GRU=BR GIG=BR EZE=AR SCL=CL BOG=CO LIM=PE JNB=ZA CPT=ZA NBO=KE LOS=NG CAI=EG'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);

/** Countries by the codes of airports, where several stand together or a flight is spoken of. */
export function addAirports(scan: Scan, places: Place[]): void {
  let codes = 0;
  for (let i = 0; i < scan.count; i++) {
    if ((scan.flags[i]! & flag.shouted) === 0 || scan.size[i] !== 3) continue;
    if (scan.kind[i] === tokenKind.word) codes++;
  }
  if (codes === 0 || (codes < 2 && !speaksOfFlying(scan))) return;
  if (scan.letters > 12 && scan.capitals > scan.letters * 0.6) return;
  for (let i = 0; i < scan.count; i++) {
    if ((scan.flags[i]! & flag.shouted) === 0 || scan.size[i] !== 3) continue;
    const code = scan.text.slice(scan.start[i]!, scan.end[i]!);
    const country = airports.get(code);
    if (country !== undefined)
      places.push({ country, source: 'text', confidence: 0.8, evidence: code });
  }
}

function speaksOfFlying(scan: Scan): boolean {
  for (let i = 0; i < scan.count; i++) {
    if (scan.kind[i] === tokenKind.word && flying.has(scan.hash[i]!)) return true;
  }
  return false;
}
