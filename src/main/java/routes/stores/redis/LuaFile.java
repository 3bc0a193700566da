package routes.stores.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/** Scripts live in {@code lua/<feature>/*.lua}, where a reviewer finds and explains them. */
public final class LuaFile {

  private LuaFile() {}

  /**
   * @param name such as {@code cache/lookup}
   * @param answer what the script returns: {@code List}, {@code Long} or {@code String}
   * @throws IllegalArgumentException when no such file is on the class path
   */
  public static <T> RedisScript<T> load(String name, Class<T> answer) {
    String path = "lua/" + name + ".lua";
    try (InputStream in = LuaFile.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + path + " on the class path");
      }
      return new DefaultRedisScript<>(
          new String(in.readAllBytes(), StandardCharsets.UTF_8), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
