"""Feeds two tracks of a server to Media Source Extensions in headless Chromium, and tells if they are not one unbroken piece. Prints
{"problems": [...], "figures": {...}}.

Usage: python fed.py BASE TRACK TRACK RENDITION...    (needs selenium, and Debian's chromium and chromium-driver)
"""
import json
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

base, tracks, renditions = sys.argv[1], sys.argv[2:4], sys.argv[4:]
problems, figures = [], {"joined": 0}

# Samples are added up, never seconds. A tenth of one more falls on the right one however a browser rounds.
FEED = """
const [tracks, rendition, done] = arguments;
(async () => {
  const told = {};
  const once = (target, event) => new Promise((yes, no) => {
    target.addEventListener(event, yes, {once: true});
    setTimeout(() => no('no ' + event), 20000);
  });
  try {
    const audio = new Audio(), source = new MediaSource();
    audio.onerror = () => told.failure = audio.error.message;
    audio.muted = true;
    audio.src = URL.createObjectURL(source);
    await once(source, 'sourceopen');
    let buffer, start = 0, rate;
    for (const [place, track] of tracks.entries()) {
      const folder = `/hls/${track}/${rendition}/`;
      const grid = await (await fetch(folder + 'gapless.json')).json();
      rate = grid.rate;
      if (!buffer) {
        told.supported = MediaSource.isTypeSupported(grid.type);
        buffer = source.addSourceBuffer(grid.type);
      }
      const append = async name => {
        const answer = await fetch(folder + name + `&v=${grid.version}`);
        if (answer.status !== 200 || answer.redirected) throw `${name}: ${answer.status}`;
        buffer.appendBuffer(await answer.arrayBuffer());
        await once(buffer, 'updateend');
      };
      buffer.timestampOffset = (start + 0.1 - grid.priming) / rate;
      buffer.appendWindowEnd = Infinity;
      buffer.appendWindowStart = (start + 0.1) / rate;
      buffer.appendWindowEnd = (start + grid.samples + 0.1) / rate;
      await append('init.mp4?gapless' + (rendition.startsWith('opus') ? `&gain=${-3 * place}` : ''));
      for (let number = 0; number < grid.segments; number++) await append(`${number}.m4s?gapless`);
      start += grid.samples;
    }
    source.endOfStream();
    told.wanted = start / rate;
    told.ranges = [...Array(buffer.buffered.length).keys()].map(i => [buffer.buffered.start(i), buffer.buffered.end(i)]);
    told.duration = audio.duration;
    audio.playbackRate = 4;
    await audio.play();
    await once(audio, 'ended');
    told.end = audio.currentTime;
  } catch (error) { told.failure = told.failure || String(error); }
  done(told);
})();
"""

options = webdriver.ChromeOptions()
for switch in ("--headless=new", "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--disable-gpu",
               "--disable-dev-shm-usage"):
    options.add_argument(switch)
options.binary_location = "/usr/bin/chromium"
driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
try:
    driver.set_script_timeout(120)
    driver.get(base + "/healthz")
    for rendition in renditions:
        told = driver.execute_async_script(FEED, tracks, rendition)
        if told.get("failure"):
            problems.append(f"{rendition}: {told['failure']}")
            continue
        off = max(abs(told["ranges"][0][0]), abs(told["ranges"][-1][1] - told["wanted"]), abs(told["duration"] - told["wanted"]))
        if not told["supported"] or len(told["ranges"]) != 1 or off > 0.0005 or abs(told["end"] - told["wanted"]) > 0.05:
            problems.append(f"{rendition}: {told}")
        figures["joined"] += 1
        figures["off, us"] = max(figures.get("off, us", 0), round(off * 1e6, 1))
finally:
    driver.quit()
print(json.dumps({"problems": problems, "figures": figures}))
