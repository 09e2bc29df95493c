package dev.pointsman.rig;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real Chromium without a window.
 *
 * @param requests the addresses that pages have asked for
 * @param errors what pages have logged as errors or warnings
 */
public record Browser(
    Playwright playwright,
    com.microsoft.playwright.Browser chromium,
    List<String> requests,
    List<String> errors)
    implements AutoCloseable {
  /** The sandbox needs rights that root's processes in a container do not have; nothing else may use the network. */
  private static final List<String> OPTIONS = List.of(
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync");

  /** Starts it, and installs it first if it is not there. */
  public static Browser start() {
    String chromium = Parts.output(Path.of("").toAbsolutePath(), "hack/chromium.sh");
    Playwright playwright = Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new Browser(
        playwright,
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                .setExecutablePath(Path.of(chromium))
                .setArgs(OPTIONS)),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>());
  }

  /** A page in a window of its own, without memory of others. */
  public Page page() {
    BrowserContext context = chromium.newContext(
        new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(1280, 900));
    context.onRequest(request -> requests.add(request.url()));
    Page page = context.newPage();
    page.onConsoleMessage(message -> {
      if (!message.type().equals("log")) {
        errors.add(message.type() + ": " + message.text());
      }
    });
    page.onPageError(errors::add);
    return page;
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }
}
