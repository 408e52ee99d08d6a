const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const slug = (word) => word.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

/** Pages of 20 posts for every value that `of` gives a post. */
function paged(posts, of) {
  const groups = new Map();
  for (const post of posts) for (const value of of(post)) groups.set(value, [...(groups.get(value) ?? []), post]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, list]) => {
    const count = Math.ceil(list.length / 20);
    return Array.from({ length: count }, (_, page) => ({ name, slug: slug(name), page, count, posts: list.slice(page * 20, page * 20 + 20) }));
  });
}

export default function (config) {
  const posts = (api) => api.getFilteredByTag('post').sort((a, b) => b.date - a.date);
  let sorted;
  const once = (api) => (sorted ??= posts(api));
  config.addCollection('newest', once);
  config.addCollection('tagPages', (api) => paged(once(api), (post) => post.data.words));
  config.addCollection('serverPages', (api) => paged(once(api), (post) => post.data.servers));
  const whole = (api, of) => {
    const groups = new Map();
    for (const post of once(api)) for (const value of of(post)) (groups.get(value) ?? groups.set(value, []).get(value)).push(post);
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, list]) => ({ name, slug: slug(name), posts: list }));
  };
  const tags = (api) => whole(api, (post) => post.data.words);
  const servers = (api) => whole(api, (post) => post.data.servers);
  config.addCollection('tags', tags);
  config.addCollection('servers', servers);
  config.addCollection('feeds', (api) => [['tags', tags], ['servers', servers]].flatMap(([folder, of]) => of(api).map((group) => ({ ...group, folder }))));
  config.addCollection('years', (api) => whole(api, (post) => [String(post.date.getUTCFullYear())]));
  config.addCollection('months', (api) => whole(api, (post) => [post.date.toISOString().slice(0, 7)]));
  config.addFilter('utc', (at) => {
    const date = new Date(at);
    return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${date.toISOString().slice(11, 16)} UTC`;
  });
  // A formatter takes long to make: one for each zone.
  const form = (options) => {
    const made = new Map();
    const of = (zone) => made.get(zone) ?? made.set(zone, new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })).get(zone);
    return (at, zone) => of(zone).format(new Date(at));
  };
  config.addFilter('day', form({ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }));
  config.addFilter('clock', form({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }));
  config.addFilter('slug', slug);
  config.addPassthroughCopy('site.css');
  return { markdownTemplateEngine: false, htmlTemplateEngine: 'njk', dir: { input: '.', includes: '_includes' } };
}
