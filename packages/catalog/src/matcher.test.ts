import { describe, expect, test } from 'vitest';
import { loadCatalog } from './load.ts';
import { createMatcher } from './matcher.ts';

const matcher = createMatcher(loadCatalog());
const targetsOf = (text: string, tags?: readonly string[]) =>
  matcher.match(text, tags).map((mention) => mention.target);
const wordsOf = (text: string) =>
  matcher.match(text).map((mention) => text.slice(mention.start, mention.end));

describe('names', () => {
  test.each([
    ['is spotify down?', 'spotify'],
    ['SPOTIFY IS DOWN', 'spotify'],
    ["Spotify's app crashes", 'spotify'],
    ['Spotifys Server sind weg', 'spotify'],
    ["Spotify'ın nesi var", 'spotify'],
    ["Spotify'da sorun mu var", 'spotify'],
    ['spotifyda sorun var', 'spotify'],
    ['Spotifyn palvelimet kaatui', 'spotify'],
    ['ze spotifyem nie działa', 'spotify'],
    ['у спотифая опять сбой', 'spotify'],
    ['Спотифай лежит', 'spotify'],
    ['スポティファイが落ちた', 'spotify'],
    ['ｽﾎﾟﾃｨﾌｧｲ落ちてる', 'spotify'],
    ['오늘 스포티파이가 안돼', 'spotify'],
    ['سبوتيفاي لا يعمل', 'spotify'],
    ['السبوتيفاي معطل', 'spotify'],
    ['𝗦𝗽𝗼𝘁𝗶𝗳𝘆 is dead', 'spotify'],
    ['Spo\u200btify down', 'spotify'],
    ['Spotify™ is down', 'spotify'],
    ['❤️spotify but it wont play', 'spotify'],
    ['Disney+ keeps buffering', 'disney-plus'],
    ['disney plus keeps buffering', 'disney-plus'],
    ['T-Mobile no signal', 't-mobile'],
    ['t mobile no signal', 't-mobile'],
    ['tmobile no signal', 't-mobile'],
    ['HBO Max error 905', 'hbo-max'],
    ['AT&T down in Dallas', 'att'],
    ['AT&amp;T down in Dallas', 'att'],
    ['POKEMON GO servers', 'pokemon-go'],
    ["McDonald's app will not load", 'mcdonalds'],
    ['mcdonalds app will not load', 'mcdonalds'],
    ['la Telefónica nos dejó: sin internet', 'movistar'],
    ['Türk Telekom internet yok', 'turk-telekom'],
    ['turk telekom internet yok', 'turk-telekom'],
  ])('%s', (text, target) => {
    expect(targetsOf(text)).toEqual([target]);
  });

  test('are told where they stand in the text as it was written', () => {
    expect(wordsOf('😀 𝗦𝗽𝗼𝘁𝗶𝗳𝘆 and Disney+, also ｽﾎﾟﾃｨﾌｧｲ')).toEqual([
      '𝗦𝗽𝗼𝘁𝗶𝗳𝘆',
      'Disney+',
      'ｽﾎﾟﾃｨﾌｧｲ',
    ]);
    expect(wordsOf("(Spotify's)")).toEqual(['Spotify']);
  });

  test('come in order of mention, the longer of two that overlap', () => {
    expect(targetsOf('netflix and hulu down but spotify works')).toEqual([
      'netflix',
      'hulu',
      'spotify',
    ]);
    expect(targetsOf('apple music is down')).toEqual(['apple-music']);
    expect(targetsOf('youtube music down')).toEqual(['youtube-music']);
  });

  test('are not pieces of longer words', () => {
    for (const text of [
      'speciality',
      'ひとオンライン会議',
      'unspotifylike',
      'tripadvisory huluhoop',
    ])
      expect(targetsOf(text)).toEqual([]);
  });
});

describe('hashtags', () => {
  test.each([
    '#SpotifyDown',
    '#spotifydown',
    '#SPOTIFYDOWN',
    '#spotify_down',
    '#isspotifydown',
    '#IsSpotifyDown',
    '#SpotifyIsDownAgain',
    '#spotifydown2025',
    '#SpotifyCaído',
    '#spotifyoff',
    '#SpotifyStörung',
    '#spotifypanne',
    '#スポティファイ障害',
    '＃SpotifyDown',
    'look#spotifydown',
    '#spotify',
    '#SpotifyWrapped',
    '#WhyIsSpotifySoSlow',
  ])('%s is Spotify', (tag) => {
    expect(matcher.match(`${tag} ugh`)).toMatchObject([{ target: 'spotify', via: 'hashtag' }]);
  });

  test('stand one behind the other', () => {
    expect(targetsOf('#is#spotify#discorddown')).toEqual(['spotify', 'discord']);
  });

  test('with a word of failure make an ambiguous name sure', () => {
    expect(targetsOf('#teamsdown #xdown #linedown #steamoutage')).toEqual([
      'microsoft-teams',
      'x',
      'line',
      'steam',
    ]);
  });

  test('that only begin like one are none', () => {
    for (const tag of ['#applepie', '#teamspirit', '#kickoff', '#steampunk', '#zoomer', '#1', '#'])
      expect(targetsOf(`${tag} down`)).toEqual([]);
  });

  test('listed beside the text count once, at its end', () => {
    const text = 'nothing plays #SpotifyDown';
    expect(matcher.match(text, ['SpotifyDown', '#netflixdown'])).toMatchObject([
      { target: 'spotify', start: 14, end: 26 },
      { target: 'netflix', start: 26, end: 26 },
    ]);
  });
});

describe('handles', () => {
  test('name the target they belong to, wherever they live', () => {
    expect(targetsOf('@SpotifyCares hello')).toEqual(['spotify']);
    expect(targetsOf('.@spotifycares: hello')).toEqual(['spotify']);
    expect(targetsOf('@spotify@mastodon.social hello')).toEqual(['spotify']);
    expect(targetsOf('@comcastcares no internet')).toEqual(['xfinity']);
  });

  test('of anybody else name nothing', () => {
    expect(targetsOf('@115888 @spotifyfan22 @xavier hello')).toEqual([]);
  });
});

describe('names that are ordinary words', () => {
  test.each([
    'there was discord among members',
    'Discord between the two parties grows',
    'our teams won again',
    'both teams played well, season is over',
    'apple pie is the best',
    'an apple a day',
    'x = 3 and y = 4',
    'solve for x when it is down',
    'driving at max speed',
    'the pro max is down in price',
    'signal is weak here',
    'no signal down in the valley',
    'cut me some slack',
    'the steam engine broke down',
    'zoom in on the picture',
    'three days without you',
    'we are down three songs',
    'orange juice on my website',
    'está claro que no funciona',
    'ao vivo na globo',
    'on the line all day, error after error',
    'get it for free, app in the store',
    'wise words from a wise man',
    'she is past her prime',
    'the amazon rainforest is burning down',
    'reach for the sky',
    'tidal wave took the server down',
    'the notion of work',
    'grab a coffee while the site is down',
    'a car chase went down our street',
    'ups and downs of life',
    'wedding ring offline sale',
    'Jag vill inte att du går ner',
    'Ich rede über alles, Über Nacht war der Server weg',
    'Hoa tìm server',
    'my router has a flashing orange light and no internet',
    "everyone dc'ing for others",
    'do I get the new box free',
    'the meeting of minds and a snap decision',
  ])('%s', (text) => {
    expect(targetsOf(text)).toEqual([]);
  });

  test.each([
    ['is discord down', 'discord'],
    ['anyone else having discord issues', 'discord'],
    ['I was on Discord all night', 'discord'],
    ['teams meeting keeps dropping', 'microsoft-teams'],
    ['Teams is not working for the whole office', 'microsoft-teams'],
    ['is x down? tweets do not load', 'x'],
    ['signal is down, back to whatsapp then', 'signal'],
    ['slack is down, nobody works', 'slack'],
    ['steam servers are down', 'steam'],
    ['zoom call froze in class', 'zoom'],
    ['three network down, sos only', 'three'],
    ['orange en panne, plus de fibre', 'orange'],
    ['claro sem sinal de internet', 'claro'],
    ['LINE落ちてる？', 'line'],
    ['prime won’t load the next episode', 'prime-video'],
    ['Amazon wont let me check out my cart', 'amazon'],
    ['my Uber driver cancelled', 'uber'],
    ['Delta canceled my flight', 'delta'],
  ])('%s', (text, target) => {
    expect(targetsOf(text)).toContain(target);
  });

  test('give way to another service that the text is about', () => {
    expect(targetsOf('slack is not loading threads')).toEqual(['slack']);
    expect(targetsOf('netflix is black on my roku')).toEqual(['netflix']);
    expect(targetsOf('my roku is dead')).toEqual(['roku']);
    expect(targetsOf('spotify stops on my iphone')).toEqual(['spotify']);
  });

  test('are sure when the same service is named plainly elsewhere', () => {
    expect(targetsOf('@MicrosoftTeams why does teams hate me')).toEqual([
      'microsoft-teams',
      'microsoft-teams',
    ]);
  });
});

describe('any text', () => {
  test('leaves nothing behind for the next', () => {
    const before = matcher.match('is discord down');
    matcher.match('teams meeting microsoft apple iphone');
    expect(matcher.match('is discord down')).toEqual(before);
    expect(targetsOf('teams')).toEqual([]);
  });
});
