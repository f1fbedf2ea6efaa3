/** Where the people of the demo day live: cities as they write them, and their country's name. */
export interface Home {
  country: string;
  language: string;
  /** Local time, hours from UTC, in April. */
  offsetHours: number;
  name: string;
  cities: readonly string[];
  /** Share of the audience. */
  weight: number;
  /** Asia-Pacific was not affected by the outage of 16 April 2025. */
  region: 'Europe' | 'Americas' | 'Africa' | 'Asia-Pacific';
}

const home = (
  country: string,
  language: string,
  offsetHours: number,
  region: Home['region'],
  weight: number,
  name: string,
  cities: readonly string[],
): Home => ({ country, language, offsetHours, region, weight, name, cities });

export const homes: readonly Home[] = [
  home('US', 'en', -4, 'Americas', 26, 'USA', [
    'New York',
    'Chicago',
    'Atlanta',
    'Boston',
    'Houston',
    'Seattle',
    'Denver',
    'Philadelphia',
  ]),
  home('CA', 'en', -4, 'Americas', 4, 'Canada', ['Toronto', 'Montreal', 'Vancouver', 'Ottawa']),
  home('MX', 'es', -6, 'Americas', 6, 'México', ['Guadalajara', 'Monterrey', 'Puebla', 'CDMX']),
  home('AR', 'es', -3, 'Americas', 4, 'Argentina', ['Buenos Aires', 'Rosario', 'Mendoza']),
  home('CO', 'es', -5, 'Americas', 3, 'Colombia', ['Bogotá', 'Medellín', 'Cali']),
  home('CL', 'es', -4, 'Americas', 2, 'Chile', ['Santiago de Chile', 'Valparaíso']),
  home('BR', 'pt', -3, 'Americas', 10, 'Brasil', [
    'São Paulo',
    'Rio de Janeiro',
    'Belo Horizonte',
    'Recife',
    'Curitiba',
  ]),
  home('GB', 'en', 1, 'Europe', 10, 'UK', ['London', 'Manchester', 'Leeds', 'Glasgow', 'Cardiff']),
  home('IE', 'en', 1, 'Europe', 1, 'Ireland', ['Dublin', 'Galway']),
  home('DE', 'de', 2, 'Europe', 7, 'Deutschland', [
    'Berlin',
    'Hamburg',
    'Köln',
    'München',
    'Leipzig',
  ]),
  home('FR', 'fr', 2, 'Europe', 5, 'France', ['Paris', 'Lyon', 'Marseille', 'Toulouse']),
  home('ES', 'es', 2, 'Europe', 6, 'España', ['Madrid', 'Barcelona', 'Sevilla', 'Bilbao']),
  home('PT', 'pt', 1, 'Europe', 1, 'Portugal', ['Lisboa', 'Porto']),
  home('IT', 'it', 2, 'Europe', 4, 'Italia', ['Milano', 'Roma', 'Torino', 'Napoli']),
  home('NL', 'nl', 2, 'Europe', 4, 'Nederland', ['Amsterdam', 'Utrecht', 'Rotterdam']),
  home('SE', 'sv', 2, 'Europe', 5, 'Sverige', ['Stockholm', 'Göteborg', 'Malmö', 'Uppsala']),
  home('NO', 'no', 2, 'Europe', 2, 'Norge', ['Oslo', 'Bergen', 'Trondheim']),
  home('DK', 'da', 2, 'Europe', 2, 'Danmark', ['København', 'Aarhus', 'Odense']),
  home('PL', 'pl', 2, 'Europe', 3, 'Polska', ['Warszawa', 'Kraków', 'Gdańsk']),
  home('TR', 'tr', 3, 'Europe', 3, 'Türkiye', ['İstanbul', 'Ankara', 'İzmir']),
  home('ZA', 'en', 2, 'Africa', 3, 'South Africa', ['Johannesburg', 'Cape Town', 'Durban']),
  home('NG', 'en', 1, 'Africa', 2, 'Nigeria', ['Lagos', 'Abuja']),
  home('KE', 'en', 3, 'Africa', 2, 'Kenya', ['Nairobi', 'Mombasa']),
  home('JP', 'ja', 9, 'Asia-Pacific', 5, '日本', ['東京', '大阪', '名古屋']),
  home('ID', 'id', 7, 'Asia-Pacific', 5, 'Indonesia', ['Jakarta', 'Bandung', 'Surabaya']),
  home('KR', 'ko', 9, 'Asia-Pacific', 2, '대한민국', ['서울', '부산']),
  home('PH', 'en', 8, 'Asia-Pacific', 4, 'Philippines', ['Manila', 'Cebu']),
  home('AU', 'en', 10, 'Asia-Pacific', 4, 'Australia', [
    'Sydney',
    'Melbourne',
    'Brisbane',
    'Perth',
  ]),
  home('NZ', 'en', 12, 'Asia-Pacific', 1, 'New Zealand', ['Auckland', 'Wellington']),
];
