"""Decodes files in headless Chromium, by decodeAudioData, and writes beside each what came out: interleaved 32-bit floats, the first
second. Prints {"problems": [...], "figures": {"Chromium": version, "decoded": files}}.

Usage: python decoded.py RATE FILE...    (RATE in Hz; needs selenium, and Debian's chromium and chromium-driver)
"""
import base64
import json
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

DECODE = """
const [rate, text, done] = arguments;
(async () => {
  try {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const context = new OfflineAudioContext(2, rate, rate);
    const decoded = await context.decodeAudioData(bytes.buffer);
    const planes = [...Array(decoded.numberOfChannels).keys()].map(channel => decoded.getChannelData(channel));
    const count = Math.min(rate, decoded.length);
    const samples = new Float32Array(count * planes.length);
    for (let n = 0; n < samples.length; n++) samples[n] = planes[n % planes.length][Math.floor(n / planes.length)];
    let letters = '';
    for (const byte of new Uint8Array(samples.buffer)) letters += String.fromCharCode(byte);
    done({samples: btoa(letters)});
  } catch (error) { done({failure: String(error)}); }
})();
"""


def main():
    rate, files = int(sys.argv[1]), sys.argv[2:]
    options = webdriver.ChromeOptions()
    for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(switch)
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_script_timeout(120)
    problems, decoded = [], 0
    try:
        version = float(driver.capabilities["browserVersion"].split(".")[0])
        for name in files:
            with open(name, "rb") as file:
                told = driver.execute_async_script(DECODE, rate, base64.b64encode(file.read()).decode())
            if "samples" not in told:
                problems.append("%s: %s" % (name, told.get("failure")))
                continue
            with open(name + ".f32", "wb") as file:
                file.write(base64.b64decode(told["samples"]))
            decoded += 1
    finally:
        driver.quit()
    print(json.dumps({"problems": problems, "figures": {"Chromium": version, "decoded": decoded}}))


main()
