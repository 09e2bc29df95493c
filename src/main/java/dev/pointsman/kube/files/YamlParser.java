package dev.pointsman.kube.files;

import java.io.Reader;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.dataformat.yaml.YAMLAnchorReplayingFactory;
import tools.jackson.dataformat.yaml.YAMLAnchorReplayingParser;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * Reads YAML with its aliases resolved, up to a bound for the whole content: a few kilobytes of aliases can stand for
 * gigabytes. Merge keys get names of their own, for {@link MergeKeys}.
 */
final class YamlParser extends YAMLAnchorReplayingParser {
  /** The parts that aliases may add. */
  private static final int MOST_OF_ALIASES = 250_000;

  private long left;
  private int mergeKeys;

  private YamlParser(
      ObjectReadContext context,
      IOContext io,
      BufferRecycler recycler,
      int streamFeatures,
      int formatFeatures,
      LoadSettings settings,
      Reader reader,
      int bytes) {
    super(context, io, recycler, streamFeatures, formatFeatures, settings, reader);
    left = MOST_OF_ALIASES + 2L * bytes; // no byte is more than two parts
  }

  @Override
  protected Event filterEvent(Event event) {
    left--;
    if (left < 0) {
      throw new StreamConstraintsException(
          "aliases (*name) stand for more than " + MOST_OF_ALIASES + " parts",
          currentTokenLocation());
    }
    boolean isKey = _streamReadContext.inObject() && currentToken() != JsonToken.PROPERTY_NAME;
    if (isKey
        && event instanceof ScalarEvent key
        && key.isPlain()
        && key.getValue().equals("<<")) {
      mergeKeys++;
      return super.filterEvent(new ScalarEvent(
          key.getAnchor(),
          key.getTag(),
          key.getImplicit(),
          MergeKeys.PREFIX + mergeKeys,
          key.getScalarStyle(),
          key.getStartMark(),
          key.getEndMark()));
    }
    return super.filterEvent(event);
  }

  /** Creates the parsers. */
  static final class Factory extends YAMLAnchorReplayingFactory {
    private static final long serialVersionUID = 1;

    /**
     * Creates a factory.
     *
     * @param piece the size of a piece of the content
     */
    Factory(int piece) {
      super(YAMLFactory.builder()
          .loadSettings(LoadSettings.builder()
              .setCodePointLimit(Integer.MAX_VALUE)
              .setBufferSize(piece)
              .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build());
    }

    @Override
    protected YAMLAnchorReplayingParser _createParser(
        ObjectReadContext context, IOContext io, byte[] data, int offset, int length) {
      return new YamlParser(
          context,
          io,
          _getBufferRecycler(),
          context.getStreamReadFeatures(_streamReadFeatures),
          context.getFormatReadFeatures(_formatReadFeatures),
          _loadSettings,
          _createReader(data, offset, length, null, io),
          length);
    }
  }
}
