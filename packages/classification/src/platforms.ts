import type { Platform } from '@outcry/contracts';
import { combine, Scan } from './scan.ts';

/** How people name the things a service runs on, in any of the languages. */
const names: Readonly<Record<Platform, string>> = {
  ios: 'iphone, iphones, ipad, ipads, ios, ipod, ipod touch, iphone x, iphone xr, アイフォン, アイパッド, 아이폰, 아이패드, ไอโฟน, айфон, айфоне, айфона, айпад, ايفون, الايفون, آيفون, 苹果手机, 蘋果手機, app store, testflight',
  android:
    'android, androids, android phone, samsung galaxy, galaxy s, galaxy phone, google pixel, pixel phone, oneplus, xiaomi, redmi, huawei, アンドロイド, 안드로이드, 갤럭시, แอนดรอยด์, андроид, андроиде, андройд, اندرويد, أندرويد, 安卓, एंड्रॉइड, play store, google play',
  windows:
    'windows, windows 10, windows 11, windows 7, windows 8, win10, win11, windows pc, windows app, windows desktop, microsoft store, ウィンドウズ, 윈도우, 윈도우즈, виндовс, винда, винде',
  macos:
    'mac, macbook, imac, macos, mac os, os x, osx, mac mini, macbook pro, macbook air, マック, 맥북, макбук, apple silicon',
  linux: 'linux, ubuntu, debian, fedora, arch linux, flatpak, snap package, steam deck',
  web: 'website, web player, webplayer, web site, browser, chrome browser, google chrome, firefox, safari, web version, webpage, web page, webseite, internetseite, sitio web, página web, site internet, site web, sito, sito web, sito internet, hemsida, hemsidan, nettside, hjemmeside, hjemmesiden, situs, webplayer, webtorrent, navegador, navigateur, tarayıcı, przeglądarka, przeglądarce, ブラウザ, ウェブ, ウェブサイト, 홈페이지, 웹사이트, 브라우저, 网站, 網站, 浏览器, เว็บไซต์, เว็บ, сайт, сайте, сайта, браузер, браузере, الموقع, المتصفح, trang web, trình duyệt, web site, web sitesi, वेबसाइट, strona internetowa',
  tv: 'tv, tvs, television, smart tv, smarttv, apple tv, appletv, roku, fire tv, firetv, firestick, fire stick, amazon stick, chromecast, android tv, google tv, samsung tv, lg tv, tivo, set top box, settop, fernseher, televisión, televisor, télé, televisione, televisie, telewizor, telewizorze, телевизор, телевизоре, televizyon, televisor, テレビ, 티비, 셋톱박스, 电视, 電視, ทีวี, tivi, التلفزيون, shield tv, nvidia shield',
  car: 'car, cars, carplay, car play, apple carplay, android auto, androidauto, my truck, in the truck, car stereo, head unit, tesla, coche, carro, auto radio, voiture, macchina, bilen, samochodzie, машине, カーナビ, カープレイ, 차에서, mobil saya, bmw, ford sync, toyota, honda',
  speaker:
    'alexa, echo, echo dot, amazon echo, sonos, google home, google nest, homepod, home pod, smart speaker, speaker, speakers, bose, soundbar, sound bar, nest mini, lautsprecher, altavoz, parlante, enceinte, enceintes, cassa bluetooth, högtalare, głośnik, колонка, колонке, колонку, スピーカー, スマートスピーカー, 스피커, 音箱, hoparlör, caixa de som, kaiutin, loa',
  console:
    'xbox, xbox one, xbox series, xbox 360, playstation, ps3, ps4, ps5, psn, nintendo switch, nintendo, switch console, console, consola, konsole, konsola, konsol, プレステ, スイッチ, 플스, 닌텐도, playstation 4, playstation 5',
  watch:
    'apple watch, smartwatch, smart watch, galaxy watch, garmin, fitbit, wear os, wearos, pixel watch, applewatch, アップルウォッチ, 애플워치, 워치, watchos',
};

const platformNames = Object.keys(names) as Platform[];
/** A longer name hides the shorter one within it: "apple tv" is no Apple phone, "android auto" no Android phone. */
const maxWords = 12;

/** Finds the platforms that a text names. */
export class PlatformFinder {
  readonly #ends = new Map<number, number>();
  readonly #prefixes = new Set<number>();
  /** A bit for each first word of a name: most words are none, and one look tells. */
  readonly #first = new Int32Array(1 << 9);

  constructor() {
    const scan = new Scan();
    for (const [index, platform] of platformNames.entries()) {
      for (const name of names[platform].split(/\s*,\s*/)) {
        scan.read(name);
        let hash = 0;
        for (let i = 0; i < scan.count; i++) {
          hash = combine(hash, scan.hash[i]!);
          if (i === 0) this.#first[(hash >>> 5) & 0x1ff]! |= 1 << (hash & 31);
          if (i < scan.count - 1) this.#prefixes.add(hash);
        }
        if (!this.#ends.has(hash)) this.#ends.set(hash, index);
      }
    }
  }

  find(scan: Scan): Platform[] {
    const found: Platform[] = [];
    for (let i = 0; i < scan.count; i++) {
      let hash = combine(0, scan.hash[i]!);
      if ((this.#first[(hash >>> 5) & 0x1ff]! & (1 << (hash & 31))) === 0) continue;
      let best = -1;
      let end = i;
      for (let at = i; at < scan.count && at < i + maxWords; at++) {
        if (at > i) hash = combine(hash, scan.hash[at]!);
        const platform = this.#ends.get(hash);
        if (platform !== undefined) {
          best = platform;
          end = at;
        }
        if (!this.#prefixes.has(hash)) break;
      }
      if (best < 0) continue;
      const platform = platformNames[best]!;
      if (!found.includes(platform)) found.push(platform);
      i = end;
    }
    return found;
  }
}

const versionPattern =
  /(\p{L}+)?\s?\b(v|ver|version|versión|versão|versione|versie|version:|build)?[\s.:]?(\d{1,4}(?:\.\d{1,6}){1,3})(?![\d.]|\s?(?:gb|mb|kb|%|€|\$|£|km|ghz|mbps))/giu;
const systems =
  /^(ios|ipados|android|windows|win|macos|osx|os|watchos|oneui|miui|ui|one|mac|rs|usd|us|euro?s?)$/i;

/** The version of the app that a text names, such as `8.9.96`; not that of its operating system. */
export function appVersion(text: string): string | undefined {
  if (!/\d\.\d/.test(text)) return undefined;
  for (const match of text.matchAll(versionPattern)) {
    const [, word, marker, version] = match;
    const parts = version!.split('.');
    const marked =
      marker !== undefined || /^(v|version|versi[oó]n|app|build|update|ver)$/i.test(word ?? '');
    if (word !== undefined && systems.test(word)) continue;
    if (parts.length >= 3 || marked) return version;
  }
  return undefined;
}
