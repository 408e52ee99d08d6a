(function (site) {
  "use strict";
  var script = document.currentScript;
  if (!script || !script.parentNode) return;
  var before = script.previousElementSibling;
  var link = before && before.className === "signalpost" ? before : document.createElement("a");
  if (link !== before) {
    link.className = "signalpost";
    link.appendChild(document.createElement("span")).setAttribute("aria-hidden", "true");
    link.appendChild(document.createTextNode(""));
    link.firstChild.textContent = "\u25cf ";
    script.parentNode.insertBefore(link, script);
  }
  // A host may have kept this one for longer than the one before it.
  if (link.built > site.built) return;
  link.built = site.built;
  link.href = site.url;
  link.lang = site.lang;
  link.dir = site.dir;

  function show() {
    var now = Date.now() / 1000;
    var shown = [0, site.status, site.text];
    var wait = 300;
    site.next.concat([[site.stale, "unknown", site.unknown]]).forEach(function (change) {
      if (change[0] <= now) shown = change;
      else wait = Math.min(wait, change[0] - now);
    });
    link.setAttribute("data-status", shown[1]);
    link.firstChild.style.color = site.colors[shown[1]] || "";
    link.lastChild.data = shown[2];
    return wait;
  }

  // The script that a renewal brings begins anew and stops this one's timer. Where none comes, or something else does, this one goes
  // on with what it knows.
  function renew() {
    var again = document.createElement("script");
    again.src = script.src.split("?")[0] + "?" + Math.floor(Date.now() / 300000);
    again.async = true;
    if (script.parentNode) script.parentNode.replaceChild(again, script);
    script = again;
    until = Date.now() + 300000;
  }

  var until = Date.now() + 300000;
  function tick() {
    var wait = show();
    clearTimeout(link.timer);
    if (Date.now() >= until) renew();
    link.timer = setTimeout(tick, wait * 1000 + 250);
  }
  tick();
})(DATA);
