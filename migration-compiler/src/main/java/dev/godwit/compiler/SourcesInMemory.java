package dev.godwit.compiler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * Gives the compiler the sources as they were read once, whatever is in their files by now. A
 * source that has come since is not there for it.
 */
final class SourcesInMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
  private final Map<Path, byte[]> contents = new HashMap<>();

  /**
   * @param contents of all sources that may be compiled, by their paths
   * @throws IOException when one is no longer there
   */
  SourcesInMemory(StandardJavaFileManager files, Map<Path, byte[]> contents) throws IOException {
    super(files);
    for (var source : contents.entrySet()) {
      this.contents.put(source.getKey().toRealPath(), source.getValue());
    }
  }

  /** These, for the compiler. */
  List<JavaFileObject> given(List<Path> sources) throws IOException {
    return read(fileManager.getJavaFileObjectsFromPaths(sources));
  }

  @Override
  public Iterable<JavaFileObject> list(
      JavaFileManager.Location location,
      String packageName,
      Set<JavaFileObject.Kind> kinds,
      boolean recurse)
      throws IOException {
    var found = super.list(location, packageName, kinds, recurse);
    return location == StandardLocation.SOURCE_PATH ? read(found) : found;
  }

  @Override
  public String inferBinaryName(JavaFileManager.Location location, JavaFileObject file) {
    return super.inferBinaryName(location, file instanceof Source source ? source.file() : file);
  }

  @Override
  public boolean isSameFile(FileObject one, FileObject other) {
    return super.isSameFile(file(one), file(other));
  }

  @Override
  public boolean contains(JavaFileManager.Location location, FileObject file) throws IOException {
    return super.contains(location, file(file));
  }

  private static FileObject file(FileObject file) {
    return file instanceof Source source ? source.file() : file;
  }

  private List<JavaFileObject> read(Iterable<? extends JavaFileObject> files) throws IOException {
    var read = new ArrayList<JavaFileObject>();
    for (JavaFileObject file : files) {
      var content = contents.get(fileManager.asPath(file).toRealPath());
      if (content != null) {
        read.add(new Source(file, content));
      }
    }
    return read;
  }

  private static final class Source extends ForwardingJavaFileObject<JavaFileObject> {
    private final byte[] content;

    Source(JavaFileObject file, byte[] content) {
      super(file);
      this.content = content;
    }

    JavaFileObject file() {
      return fileObject;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      } catch (CharacterCodingException e) {
        throw new IOException(getName() + " is not in UTF-8", e);
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Source source && fileObject.equals(source.fileObject);
    }

    @Override
    public int hashCode() {
      return fileObject.hashCode();
    }
  }
}
